#include "clip/tokenizer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "clip/byte_bpe.h"
#include "clip/sentence_bpe.h"
#include "clip/sentencepiece_model.h"
#include "clip/tokenizer_files.h"
#include "clip/unigram.h"
#include "clip/word_piece.h"
#include "io/file.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

constexpr size_t max_text_bytes = size_t{256} << 10, max_tokenizer_bytes = size_t{64} << 20;

constexpr const char *kPackedKind = "tokenizer.kind", *kPackedSpecial = "tokenizer.special";

bool has_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// Of what is beyond the first 256 KiB only ASCII whitespace is nothing.
bool cuts_text(std::string_view text) {
  return text.substr(std::min(text.size(), max_text_bytes)).find_first_not_of(" \t\n\v\f\r") !=
         std::string_view::npos;
}

}  // namespace

Result<Tokenizer> Tokenizer::from_json(std::string_view tokenizer_json, const std::string& what) {
  // Gemma's are 34 MB.
  return from_parsed(TRY(io::parse_json(tokenizer_json, what, {.max_bytes = max_tokenizer_bytes})), what);
}

Result<Tokenizer> Tokenizer::from_parsed(const nlohmann::json& root, const std::string& what) {
  if (Unigram::is_kind_of(root)) return Tokenizer(TRY(Unigram::from_json(root, what)));
  if (SentenceBpe::is_kind_of(root)) return Tokenizer(TRY(SentenceBpe::from_json(root, what)));
  if (WordPiece::is_kind_of(root)) return Tokenizer(TRY(WordPiece::from_json(root, what)));
  return Tokenizer(TRY(ByteBpe::create(TRY(tokenizer_source(root, what)), what)));
}

Result<Tokenizer> Tokenizer::from_vocab_and_merges(std::string_view vocab_json, std::string_view merges_txt,
                                                   const std::string& what) {
  return Tokenizer(TRY(ByteBpe::create(TRY(parse_vocab_and_merges(vocab_json, merges_txt, what)), what)));
}

Result<Tokenizer> Tokenizer::from_openai_merges(std::string_view text, const std::string& what) {
  return Tokenizer(TRY(ByteBpe::create(TRY(parse_openai_merges(text, what)), what)));
}

Result<Tokenizer> Tokenizer::from_vocab_txt(std::string_view text, std::string_view config,
                                            const std::string& what) {
  return Tokenizer(TRY(WordPiece::from_vocab_txt(text, TRY(io::parse_json(config, what)), what)));
}

Result<Tokenizer> Tokenizer::from_sentencepiece(std::string_view model, const std::string& what) {
  return Tokenizer(TRY(Unigram::from_model(TRY(parse_sentencepiece_model(model, what)), what)));
}

Result<Tokenizer> Tokenizer::read(const std::filesystem::path& folder) {
  const auto text = [&](const char* name) { return io::read_text(folder / name, max_tokenizer_bytes); };
  if (has_file(folder / "tokenizer.json"))
    return from_json(TRY(text("tokenizer.json")), (folder / "tokenizer.json").string());
  if (has_file(folder / "spiece.model"))
    return from_sentencepiece(TRY(text("spiece.model")), (folder / "spiece.model").string());
  if (!has_file(folder / "vocab.json") && has_file(folder / "vocab.txt")) {
    const bool configured = has_file(folder / "tokenizer_config.json");
    return from_vocab_txt(TRY(text("vocab.txt")), configured ? TRY(text("tokenizer_config.json")) : "{}",
                          folder.string());
  }
  return Tokenizer(TRY(ByteBpe::create(TRY(read_tokenizer_files(folder)), folder.string())));
}

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& folder, uint32_t vocab_size) {
  Tokenizer tokenizer = TRY(read(folder));
  if (tokenizer.vocab_size() > vocab_size)
    return Error(ErrorKind::mismatch, folder.string() + ": the tokenizer has " +
                                          std::to_string(tokenizer.vocab_size()) +
                                          " tokens, expected at most the vocab_size of config.json, " +
                                          std::to_string(vocab_size));
  return tokenizer;
}

void Tokenizer::pack(PackedWriter& writer) const {
  const char kind = model_->kind();
  const int32_t special[] = {special_.start, special_.end, special_.padding, special_.vocab_size};
  pack_table(writer, kPackedKind, std::span(&kind, 1));
  pack_table(writer, kPackedSpecial, std::span<const int32_t>(special));
  model_->pack(writer);
}

Result<Tokenizer> Tokenizer::from_packed(const PackedFile& file, uint32_t vocab_size) {
  const auto kind = TRY(packed_table<char>(file, kPackedKind));
  const auto ids = TRY(packed_table<int32_t>(file, kPackedSpecial));
  const bool fits =
      kind.size() == 1 && ids.size() == 4 && ids[3] > 0 && static_cast<uint32_t>(ids[3]) <= vocab_size &&
      ids[1] >= 0 &&
      std::all_of(ids.begin(), ids.end() - 1, [&](int32_t id) { return id >= -1 && id < ids[3]; });
  if (!fits)
    return Error(ErrorKind::mismatch, file.path().string() + ": its tokenizer does not fit the vocab_size " +
                                          std::to_string(vocab_size) + " of config.json");
  const SpecialIds special{ids[0], ids[1], ids[2], ids[3]};
  switch (kind[0]) {
    case ByteBpe::kKind:
      return Tokenizer(TRY(ByteBpe::from_packed(file, special)));
    case SentenceBpe::kKind:
      return Tokenizer(TRY(SentenceBpe::from_packed(file, special)));
    case Unigram::kKind:
      return Tokenizer(TRY(Unigram::from_packed(file, special)));
    case WordPiece::kKind:
      return Tokenizer(TRY(WordPiece::from_packed(file, special)));
    default:
      return Error(ErrorKind::corrupt, file.path().string() + ": a tokenizer of an unknown kind");
  }
}

Encoded Tokenizer::encode(std::string_view text, size_t context_length) const {
  const bool starts = special_.start >= 0, pads = special_.padding >= 0;
  const size_t room = context_length - (starts ? 2 : 1);
  Encoded encoded;
  if (starts) encoded.ids.push_back(special_.start);
  std::vector<int32_t> ids = model_->encode(text.substr(0, max_text_bytes), room);
  encoded.truncated = ids.size() > room || cuts_text(text);
  ids.resize(std::min(ids.size(), room));
  encoded.ids.insert(encoded.ids.end(), ids.begin(), ids.end());
  encoded.ids.push_back(special_.end);
  if (pads) {
    encoded.padding = context_length - encoded.ids.size();
    encoded.ids.resize(context_length, special_.padding);
  }
  return encoded;
}

}  // namespace elanus::clip
