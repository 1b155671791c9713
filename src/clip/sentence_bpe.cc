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

Error other(const std::string& what, const std::string& part, const std::string& expected,
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
      return other(what, std::string("model.") + flag, "none", value);
  if (const json& value = json_at(model, "ignore_merges"); !value.is_null() && value != false)
    return other(what, "model.ignore_merges", "false", value);
  if (!is_normalizer(json_at(root, "normalizer")))
    return other(what, "normalizer", "Lowercase, spaces to \u2581", json_at(root, "normalizer"));
  // Once spaces are replaced there is nothing to split at.
  const json& split = json_at(root, "pre_tokenizer");
  if (!split.is_null() &&
      (json_at(split, "type") != "Split" || json_at(json_at(split, "pattern"), "String") != " "))
    return other(what, "pre_tokenizer", "Split at spaces", split);
  return {};
}

Result<void> check_added(const json& root, const std::string& what) {
  const json& list = json_at(root, "added_tokens");
  if (!list.is_array()) return other(what, "added_tokens", "an array", list);
  for (const json& token : list)
    for (const char* flag : {"single_word", "lstrip", "rstrip", "normalized"})
      if (json_at(token, flag) == true)
        return other(what, std::string("added_tokens: ") + flag, "false", token);
  return {};
}

}  // namespace

bool SentenceBpe::is_kind_of(const json& root) {
  return json_at(json_at(root, "model"), "byte_fallback") == true;
}

Result<std::unique_ptr<const SentenceBpe>> SentenceBpe::from_json(const json& root, const std::string& what) {
  TRY(check_parts(root, what));
  TRY(check_added(root, what));
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
      t->characters_.emplace(decoded[0], id);
  }
  for (const auto& [token, id] : added_tokens(root)) {
    highest = std::max(highest, id);
    if (token == "<eos>") t->end_ = id;
    if (token == "<pad>") t->padding_ = id;
    if (token.empty()) continue;
    t->added_.emplace(token, id);
    t->starts_added_[static_cast<unsigned char>(token[0])] = true;
    t->longest_added_ = std::max(t->longest_added_, token.size());
  }
  if (t->end_ < 0 || t->padding_ < 0)
    return Error(ErrorKind::unsupported,
                 what +
                     ": expected added tokens <eos> and <pad>, as SigLIP 2's tokenizer has "
                     "them, found none");
  t->vocab_size_ = static_cast<size_t>(highest) + 1;
  return std::unique_ptr<const SentenceBpe>(std::move(t));
}

void SentenceBpe::encode_plain(std::string_view text, std::vector<int32_t>& ids) const {
  Bpe::Scratch scratch;
  const auto push = [&](int32_t id) {
    const auto at = static_cast<int32_t>(scratch.symbols.size());
    scratch.symbols.push_back({id, at - 1, at + 1, false});
  };
  for (const char32_t c : lower(decode_utf8(text))) {
    const char32_t written = c == U' ' ? kSpace : c;
    if (const auto found = characters_.find(written); found != characters_.end()) {
      push(found->second);
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

std::vector<int32_t> SentenceBpe::encode(std::string_view text) const {
  std::vector<int32_t> ids;
  size_t plain = 0;  // where the text begins that is in no added token
  for (size_t at = 0; at < text.size();) {
    const auto* found =
        starts_added_[static_cast<unsigned char>(text[at])] ? longest_added_at(text.substr(at)) : nullptr;
    if (!found) {
      ++at;
      continue;
    }
    encode_plain(text.substr(plain, at - plain), ids);
    ids.push_back(found->second);
    plain = at += found->first.size();
  }
  encode_plain(text.substr(plain), ids);
  return ids;
}

const std::pair<const std::string, int32_t>* SentenceBpe::longest_added_at(std::string_view text) const {
  for (size_t n = std::min(longest_added_, text.size()); n > 0; --n)
    if (const auto found = added_.find(std::string(text.substr(0, n))); found != added_.end()) return &*found;
  return nullptr;
}

}  // namespace elanus::clip
