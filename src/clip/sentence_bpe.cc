#include "clip/sentence_bpe.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "clip/config_fields.h"
#include "clip/text_normalize.h"
#include "clip/tokenizer_json.h"
#include "clip/utf8.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

constexpr char32_t kSpace = U'\u2581';  // stands for a space in the vocabulary
constexpr const char *kPackedCharacters = "tokenizer.characters", *kPackedFallback = "tokenizer.fallback",
                     *kPackedPairs = "tokenizer.pairs";

Error other_than_siglip2(const std::string& what, const std::string& part, const std::string& expected,
                         const json& found) {
  return {ErrorKind::unsupported, what + ": " + part + ": expected " + expected +
                                      ", as SigLIP 2's tokenizer has it, found " + shown(found)};
}

bool replaces_spaces(const json& step) {
  return json_at(step, "type") == "Replace" && json_at(json_at(step, "pattern"), "String") == " " &&
         json_at(step, "content") == "\u2581";
}

// Replace " " by the mark, which may follow Lowercase: the text is lower-cased either way, as the model was
// trained.
bool is_normalizer(const json& normalizer) {
  if (replaces_spaces(normalizer)) return true;
  const json& steps = json_at(normalizer, "normalizers");
  return steps.is_array() && steps.size() == 2 && json_at(steps[0], "type") == "Lowercase" &&
         replaces_spaces(steps[1]);
}

Result<void> check_parts(const json& root, const std::string& what) {
  const json& model = json_at(root, "model");
  for (const char* flag : {"end_of_word_suffix", "continuing_subword_prefix", "dropout"})
    if (const json& value = json_at(model, flag); !value.is_null() && value != "" && value != 0.0)
      return other_than_siglip2(what, std::string("model.") + flag, "none", value);
  if (const json& value = json_at(model, "ignore_merges"); !value.is_null() && value != false)
    return other_than_siglip2(what, "model.ignore_merges", "false", value);
  if (!is_normalizer(json_at(root, "normalizer")))
    return other_than_siglip2(what, "normalizer", "Lowercase, spaces to \u2581", json_at(root, "normalizer"));
  // Once spaces are replaced there is nothing to split at.
  const json& split = json_at(root, "pre_tokenizer");
  if (!split.is_null() &&
      (json_at(split, "type") != "Split" || json_at(json_at(split, "pattern"), "String") != " "))
    return other_than_siglip2(what, "pre_tokenizer", "Split at spaces", split);
  return {};
}

}  // namespace

bool SentenceBpe::is_kind_of(const json& root) {
  return json_at(json_at(root, "model"), "byte_fallback") == true;
}

Result<std::unique_ptr<const TokenizerModel>> SentenceBpe::from_json(const json& root,
                                                                     const std::string& what) {
  TRY(check_parts(root, what));
  TRY(check_added_tokens(root, {}, "SigLIP 2's tokenizer", what));
  const json& model = json_at(root, "model");
  const Vocabulary vocabulary = TRY(vocabulary_from(json_at(model, "vocab"), what + ": model.vocab"));
  Bpe merged = TRY(Bpe::of_merges(vocabulary, TRY(merges_from(json_at(model, "merges"), what)), what));
  std::unique_ptr<SentenceBpe> t(new SentenceBpe(std::move(merged)));
  for (size_t byte = 0; byte < t->bytes_.size(); ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02zX>", byte);
    const auto found = vocabulary.find(name);
    if (found == vocabulary.end())
      return Error(ErrorKind::corrupt, what + ": expected a token " + name + ", found none");
    t->bytes_[byte] = found->second;
  }
  int32_t highest = 0;
  for (const auto& [token, id] : vocabulary) {
    highest = std::max(highest, id);
    if (const std::u32string decoded = decode_utf8(token); decoded.size() == 1)
      t->own_characters_.push_back({decoded[0], id});
  }
  std::sort(t->own_characters_.begin(), t->own_characters_.end(),
            [](const Character& a, const Character& b) { return a.character < b.character; });
  t->characters_ = t->own_characters_;
  const auto added = added_tokens(root);
  for (const auto& [token, id] : added) {
    highest = std::max(highest, id);
    if (token == "<eos>") t->special_.end = id;
    if (token == "<pad>") t->special_.padding = id;
  }
  if (t->special_.end < 0 || t->special_.padding < 0)
    return Error(ErrorKind::unsupported,
                 what +
                     ": expected added tokens <eos> and <pad>, as SigLIP 2's tokenizer has "
                     "them, found none");
  t->added_ = TRY(AddedTokens::create(added, what));
  t->special_.vocab_size = highest + 1;
  return std::unique_ptr<const TokenizerModel>(std::move(t));
}

void SentenceBpe::pack(PackedWriter& writer) const {
  pack_table(writer, kPackedCharacters, characters_);
  pack_table(writer, kPackedFallback, std::span<const int32_t>(bytes_));
  pack_table(writer, kPackedPairs, merges_.tables().merges);
  added_.pack(writer);
}

Result<std::unique_ptr<const TokenizerModel>> SentenceBpe::from_packed(const PackedFile& file,
                                                                       const SpecialIds& special) {
  const std::string what = file.path().string();
  const auto bytes = TRY(packed_table<int32_t>(file, kPackedFallback));
  const auto merges = TRY(packed_table<Bpe::Merge>(file, kPackedPairs));
  const auto characters = TRY(packed_table<Character>(file, kPackedCharacters));
  const auto known = [&](int32_t id) { return id >= 0 && id < special.vocab_size; };
  if (bytes.size() != 256 || !std::all_of(bytes.begin(), bytes.end(), known) || special.padding < 0 ||
      !std::all_of(characters.begin(), characters.end(), [&](const Character& c) { return known(c.id); }))
    return Error(ErrorKind::corrupt, what + ": no tokenizer of SigLIP 2's kind");
  std::unique_ptr<SentenceBpe> t(
      new SentenceBpe(TRY(Bpe::borrow_merges(merges, static_cast<size_t>(special.vocab_size), what))));
  std::copy(bytes.begin(), bytes.end(), t->bytes_.begin());
  t->characters_ = characters;
  t->added_ = TRY(AddedTokens::from_packed(file, special.vocab_size));
  t->special_ = special;
  return std::unique_ptr<const TokenizerModel>(std::move(t));
}

int32_t SentenceBpe::id_of(char32_t character) const {
  const auto found =
      std::lower_bound(characters_.begin(), characters_.end(), character,
                       [](const Character& c, char32_t wanted) { return c.character < wanted; });
  return found != characters_.end() && found->character == character ? found->id : -1;
}

void SentenceBpe::encode_plain(std::string_view text, std::vector<int32_t>& ids) const {
  Bpe::Scratch scratch;
  const auto push = [&](int32_t id) {
    const auto at = static_cast<int32_t>(scratch.symbols.size());
    scratch.symbols.push_back({id, at - 1, at + 1, false});
  };
  for (const char32_t c : lower(decode_utf8(text))) {
    const char32_t written = c == U' ' ? kSpace : c;
    if (const int32_t id = id_of(written); id >= 0) {
      push(id);
      continue;
    }
    std::string bytes;
    append_utf8(written, bytes);
    for (const char byte : bytes) push(bytes_[static_cast<unsigned char>(byte)]);
  }
  if (scratch.symbols.empty()) return;
  scratch.symbols.back().right = -1;
  merges_.merge(scratch, ids);
}

std::vector<int32_t> SentenceBpe::encode(std::string_view text, size_t enough) const {
  std::vector<int32_t> ids;
  added_.split(
      text, [&](std::string_view part) { encode_plain(part, ids); }, [&](int32_t id) { ids.push_back(id); },
      [&] { return ids.size() <= enough; });
  return ids;
}

}  // namespace elanus::clip
