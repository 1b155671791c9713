// How SigLIP's tokenizer is published: tokenizer.json, or spiece.model.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/base64.h"
#include "clip/config_fields.h"
#include "clip/sentencepiece_model.h"
#include "clip/tokenizer_json.h"
#include "clip/unigram.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

constexpr const char* kEnd = "</s>";

Error other_than_siglip(const std::string& what, const std::string& part, const std::string& expected,
                        const json& found) {
  return {ErrorKind::unsupported, what + ": " + part + ": expected " + expected +
                                      ", as SigLIP's tokenizer has it, found " + shown(found)};
}

// Whether a step of the normalizer is one of those that are done to every text anyway: lower case, ASCII
// punctuation removed, white space collapsed and stripped.
bool is_canonical(const json& step) {
  const json& type = json_at(step, "type");
  if (type == "Lowercase" || type == "Strip") return true;
  if (type != "Replace") return false;
  const json &content = json_at(step, "content"), &pattern = json_at(step, "pattern");
  const json& regex = json_at(pattern, "Regex");
  if (regex == "\\s+" || regex == " {2,}") return content == " " || content == "\u2581";
  // string.punctuation as a class of characters, however they are escaped.
  const bool is_class = regex.is_string() && regex.get_ref<const std::string&>().starts_with("[!") &&
                        regex.get_ref<const std::string&>().find('~') != std::string::npos;
  return content == "" && is_class;
}

// The rules of the one step that has any; nothing when there is none.
Result<std::string> charsmap_of(const json& normalizer, const std::string& what) {
  const json& list = json_at(normalizer, "normalizers");
  const json steps = list.is_array()        ? list
                     : normalizer.is_null() ? json::array()
                                            : json::array({normalizer});
  std::optional<std::string> rules;
  for (const json& step : steps) {
    if (is_canonical(step)) continue;
    const json& map = json_at(step, "precompiled_charsmap");
    if (json_at(step, "type") != "Precompiled" || !map.is_string() || rules)
      return other_than_siglip(what, "normalizer",
                               "Lowercase, Replace punctuation or white space, Strip, and one Precompiled",
                               step);
    rules = base::base64_decode(map.get_ref<const std::string&>());
    if (!rules) return Error(ErrorKind::corrupt, what + ": precompiled_charsmap: expected base64");
  }
  return rules.value_or("");
}

Result<void> check_unigram_parts(const json& root, const std::string& what) {
  if (const json& value = json_at(json_at(root, "model"), "byte_fallback");
      !value.is_null() && value != false)
    return other_than_siglip(what, "model.byte_fallback", "false", value);
  const json& words = json_at(root, "pre_tokenizer");
  const json& steps = json_at(words, "pretokenizers");
  const bool both = steps.is_array() && steps.size() == 2 && json_at(steps[0], "type") == "WhitespaceSplit";
  const json& mark = both ? steps[1] : words;
  if (json_at(mark, "type") != "Metaspace" || json_at(mark, "replacement") != "\u2581" ||
      json_at(mark, "prepend_scheme") == "never" || json_at(mark, "add_prefix_space") == false)
    return other_than_siglip(what, "pre_tokenizer", "Metaspace with a mark in front", words);
  return check_added_tokens(root, {"lstrip", "rstrip"}, "SigLIP's tokenizer", what);
}

}  // namespace

bool Unigram::is_kind_of(const json& root) { return json_at(json_at(root, "model"), "type") == "Unigram"; }

Result<std::unique_ptr<const TokenizerModel>> Unigram::create(Source source, const std::string& what) {
  std::unique_ptr<Unigram> t(new Unigram);
  SpecialIds& special = t->special_;
  float lowest = 0;
  for (const auto& [token, id, score] : source.pieces) {
    special.vocab_size = std::max(special.vocab_size, id + 1);
    lowest = std::min(lowest, score);
  }
  for (const auto& [token, id] : source.added) {
    special.vocab_size = std::max(special.vocab_size, id + 1);
    if (token == kEnd) special.end = id;
  }
  if (special.end < 0 || source.unknown < 0)
    return Error(ErrorKind::unsupported, what +
                                             ": expected an end token </s> and an unknown token, as SigLIP's "
                                             "tokenizer has them, found not both");
  special.padding = special.end;  // as in training
  special.vocab_size = std::max(special.vocab_size, source.unknown + 1);
  t->unknown_ = source.unknown;
  t->unknown_score_ = lowest - 10;  // kUnkPenalty
  t->pieces_ = TRY(PieceTable::create(std::move(source.pieces), what));
  t->rules_ = TRY(Charsmap::create(source.charsmap, what));
  t->added_ = TRY(AddedTokens::create(source.added, what));
  return std::unique_ptr<const TokenizerModel>(std::move(t));
}

Result<std::unique_ptr<const TokenizerModel>> Unigram::from_json(const json& root, const std::string& what) {
  TRY(check_unigram_parts(root, what));
  const json& model = json_at(root, "model");
  const json& vocabulary = json_at(model, "vocab");
  if (!vocabulary.is_array() || vocabulary.size() > 4194304)
    return Error(ErrorKind::corrupt, what + ": model.vocab: expected an array of [token, score]");
  Source source;
  const auto unknown = token_id(json_at(model, "unk_id"));
  if (unknown && static_cast<size_t>(*unknown) < vocabulary.size()) source.unknown = *unknown;
  int32_t id = 0;
  for (const json& entry : vocabulary) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number())
      return Error(ErrorKind::corrupt,
                   what + ": model.vocab: " + std::to_string(id) + ": expected [token, score]");
    const auto& token = entry[0].get_ref<const std::string&>();
    if (!token.empty() && id != source.unknown) source.pieces.push_back({token, id, entry[1].get<float>()});
    ++id;
  }
  source.added = added_tokens(root);
  source.charsmap = TRY(charsmap_of(json_at(root, "normalizer"), what));
  return create(std::move(source), what);
}

Result<std::unique_ptr<const TokenizerModel>> Unigram::from_model(SentencePieceModel model,
                                                                  const std::string& what) {
  using Type = SentencePieceModel::Type;
  Source source;
  source.charsmap = std::move(model.charsmap);
  int32_t id = 0;
  for (auto& [token, score, type] : model.pieces) {
    if (type == Type::unknown) source.unknown = id;
    if (type == Type::unknown || token == kEnd) source.added.emplace_back(token, id);
    // T5's <extra_id_0> and so on: no text is one of them once its punctuation is gone.
    if (type == Type::user_defined && token.find('<') == std::string::npos)
      return Error(ErrorKind::unsupported,
                   what + ": piece " + std::to_string(id) + ", '" + token +
                       "': expected none defined by a user, as in SigLIP's tokenizer");
    if (type == Type::normal) source.pieces.push_back({std::move(token), id, score});
    ++id;
  }
  return create(std::move(source), what);
}

}  // namespace elanus::clip
