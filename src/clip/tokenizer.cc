#include "clip/tokenizer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "clip/bpe.h"
#include "clip/html.h"
#include "clip/sentence_bpe.h"
#include "clip/text_normalize.h"
#include "clip/tokenizer_files.h"
#include "clip/utf8.h"
#include "io/file.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

constexpr size_t max_text_bytes = size_t{256} << 10, max_tokenizer_bytes = size_t{64} << 20;

constexpr const char *kPackedSpecial = "tokenizer.special", *kPackedBytes = "tokenizer.bytes",
                     *kPackedMerges = "tokenizer.merges";

template <class T>
Result<std::span<const T>> packed_array(const PackedFile& file, const char* name) {
  const auto bytes = file.bytes(TRY(file.entry(name, PackedEntry::Kind::bytes)));
  return std::span(reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T));
}

// How many characters the contraction at the front of `text` has, 0 when there is none:
// 's|'t|'re|'ve|'m|'ll|'d
size_t contraction(std::u32string_view text) {
  for (const std::u32string_view c : {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"})
    if (text.starts_with(c)) return c.size();
  return 0;
}

// How many characters the next piece has. `text` does not begin with a space. The published pattern:
//   's|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
size_t piece_length(std::u32string_view text) {
  if (const size_t n = contraction(text)) return n;
  const CharKind kind = kind_of(text.front());
  if (kind == CharKind::number) return 1;
  size_t n = 1;
  while (n < text.size() && kind_of(text[n]) == kind) ++n;
  return n;
}

}  // namespace

struct Tokenizer::Tables {
  Bpe bpe;
  int32_t start, end;
  size_t vocab_size;
};

Tokenizer::Tokenizer(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Tokenizer::Tokenizer(std::unique_ptr<const SentenceBpe> sentence) : sentence_(std::move(sentence)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

int32_t Tokenizer::start_id() const { return sentence_ ? -1 : tables_->start; }
int32_t Tokenizer::end_id() const { return sentence_ ? sentence_->end_id() : tables_->end; }
size_t Tokenizer::vocab_size() const { return sentence_ ? sentence_->vocab_size() : tables_->vocab_size; }

Result<Tokenizer> Tokenizer::create(const TokenizerSource& source, const std::string& what) {
  for (const auto& [name, id] : {std::pair(start_token, source.start), std::pair(end_token, source.end)})
    if (id < 0)
      return Error(ErrorKind::unsupported,
                   what + ": expected CLIP's token " + std::string(name) + ", found none of this name");
  int32_t highest = std::max(source.start, source.end);
  for (const auto& [token, id] : source.vocabulary) highest = std::max(highest, id);
  Bpe bpe = TRY(Bpe::create(source.vocabulary, source.merges, source.unknown, what));
  return Tokenizer(std::make_unique<const Tables>(
      Tables{std::move(bpe), source.start, source.end, static_cast<size_t>(highest) + 1}));
}

Result<Tokenizer> Tokenizer::from_json(std::string_view tokenizer_json, const std::string& what) {
  // Gemma's are 34 MB.
  return from_parsed(TRY(io::parse_json(tokenizer_json, what, {.max_bytes = max_tokenizer_bytes})), what);
}

Result<Tokenizer> Tokenizer::from_parsed(const nlohmann::json& root, const std::string& what) {
  if (SentenceBpe::is_kind_of(root)) return Tokenizer(TRY(SentenceBpe::from_json(root, what)));
  return create(TRY(tokenizer_source(root, what)), what);
}

Result<Tokenizer> Tokenizer::from_vocab_and_merges(std::string_view vocab_json, std::string_view merges_txt,
                                                   const std::string& what) {
  return create(TRY(parse_vocab_and_merges(vocab_json, merges_txt, what)), what);
}

Result<Tokenizer> Tokenizer::from_openai_merges(std::string_view text, const std::string& what) {
  return create(TRY(parse_openai_merges(text, what)), what);
}

Result<Tokenizer> Tokenizer::read(const std::filesystem::path& folder) {
  const std::filesystem::path json = folder / "tokenizer.json";
  std::error_code ignored;
  if (!std::filesystem::exists(json, ignored))
    return create(TRY(read_tokenizer_files(folder)), folder.string());
  const std::string text = TRY(io::read_text(json, max_tokenizer_bytes));
  return from_json(text, json.string());
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
  if (sentence_) return;
  const auto add = [&](const char* name, std::span<const std::byte> bytes) {
    writer.add(name, {.kind = PackedEntry::Kind::bytes, .n = bytes.size()}, bytes);
  };
  const int32_t special[] = {tables_->start, tables_->end, static_cast<int32_t>(tables_->vocab_size)};
  add(kPackedSpecial, std::as_bytes(std::span(special)));
  add(kPackedBytes, std::as_bytes(tables_->bpe.tables().byte_ids));
  add(kPackedMerges, std::as_bytes(tables_->bpe.tables().merges));
}

Result<Tokenizer> Tokenizer::from_packed(const PackedFile& file, uint32_t vocab_size) {
  const auto special = TRY(packed_array<int32_t>(file, kPackedSpecial));
  const Bpe::Tables tables{TRY(packed_array<int32_t>(file, kPackedBytes)),
                           TRY(packed_array<Bpe::Merge>(file, kPackedMerges))};
  const bool fits = special.size() == 3 && special[2] >= 0 &&
                    static_cast<uint32_t>(special[2]) <= vocab_size && special[0] >= 0 &&
                    special[0] < special[2] && special[1] >= 0 && special[1] < special[2];
  if (!fits)
    return Error(ErrorKind::mismatch, file.path().string() + ": its tokenizer does not fit the vocab_size " +
                                          std::to_string(vocab_size) + " of config.json");
  const auto size = static_cast<size_t>(special[2]);
  return Tokenizer(std::make_unique<const Tables>(
      Tables{TRY(Bpe::borrow(tables, size, file.path().string())), special[0], special[1], size}));
}

Encoded Tokenizer::encode_sentence(std::string_view text, size_t context_length) const {
  Encoded encoded;
  encoded.ids = sentence_->encode(text.substr(0, max_text_bytes));
  encoded.truncated = text.size() > max_text_bytes;
  if (encoded.ids.size() >= context_length) {
    encoded.ids.resize(context_length - 1);
    encoded.truncated = true;
  }
  encoded.ids.push_back(sentence_->end_id());
  encoded.padding = context_length - encoded.ids.size();
  encoded.ids.resize(context_length, sentence_->padding_id());
  return encoded;
}

Encoded Tokenizer::encode(std::string_view text, size_t context_length) const {
  if (sentence_) return encode_sentence(text, context_length);
  const size_t room = context_length - 1;  // for all but the end token
  Encoded encoded{{tables_->start}, 0, false};
  auto& ids = encoded.ids;
  const std::string_view beyond = text.substr(std::min(text.size(), max_text_bytes));
  encoded.truncated = beyond.find_first_not_of(" \t\n\v\f\r") != std::string_view::npos;
  const std::string clean = unescape_html(unescape_html(text.substr(0, max_text_bytes)));

  Bpe::Scratch scratch;
  std::string piece;
  // Text between two special tokens. Stops once there are more tokens than room.
  const auto encode_plain = [&](std::string_view plain) {
    const std::u32string normal = normalize(decode_utf8(plain));
    for (std::u32string_view rest = normal; !rest.empty() && ids.size() <= room;) {
      if (kind_of(rest.front()) == CharKind::space) {
        rest.remove_prefix(1);
        continue;
      }
      const size_t n = piece_length(rest);
      piece.clear();
      for (const char32_t c : rest.substr(0, n)) append_utf8(c, piece);
      tables_->bpe.encode(piece, scratch, ids);
      rest.remove_prefix(n);
    }
  };

  // The special tokens written out in the text are those tokens, as in the reference.
  for (std::string_view rest = clean; !rest.empty() && ids.size() <= room;) {
    const size_t start = rest.find(start_token), end = rest.find(end_token), next = std::min(start, end);
    encode_plain(rest.substr(0, next));
    if (next == std::string_view::npos) break;
    ids.push_back(start < end ? tables_->start : tables_->end);
    rest.remove_prefix(next + (start < end ? start_token : end_token).size());
  }
  if (ids.size() > room) {
    ids.resize(room);
    encoded.truncated = true;
  }
  ids.push_back(tables_->end);
  return encoded;
}

}  // namespace elanus::clip
