#include "clip/tokenizer_json.h"

#include "clip/config_fields.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

// Also when the key is missing or null.
bool is_unset_or(const json& value, const json& expected) { return value.is_null() || value == expected; }

Error other(const std::string& what, const std::string& part, const std::string& expected,
            const json& found) {
  return {ErrorKind::unsupported, what + ": " + part + ": expected " + expected +
                                      ", as CLIP's tokenizer has it, found " + shown(found)};
}

Result<void> check_model(const json& model, const std::string& what) {
  if (!is_unset_or(json_at(model, "type"), "BPE"))
    return other(what, "model.type", "BPE", json_at(model, "type"));
  if (json_at(model, "end_of_word_suffix") != "</w>")
    return other(what, "model.end_of_word_suffix", "\"</w>\"", json_at(model, "end_of_word_suffix"));
  if (!is_unset_or(json_at(model, "continuing_subword_prefix"), ""))
    return other(what, "model.continuing_subword_prefix", "\"\"",
                 json_at(model, "continuing_subword_prefix"));
  if (!is_unset_or(json_at(model, "dropout"), 0.0))
    return other(what, "model.dropout", "null", json_at(model, "dropout"));
  for (const char* flag : {"fuse_unk", "byte_fallback", "ignore_merges"})
    if (!is_unset_or(json_at(model, flag), false))
      return other(what, "model." + std::string(flag), "false", json_at(model, flag));
  return {};
}

Result<void> check_normalizer(const json& normalizer, const std::string& what) {
  const json& steps = json_at(normalizer, "normalizers");
  const bool good = json_at(normalizer, "type") == "Sequence" && steps.is_array() && steps.size() == 3 &&
                    json_at(steps[0], "type") == "NFC" && json_at(steps[1], "type") == "Replace" &&
                    json_at(json_at(steps[1], "pattern"), "Regex") == "\\s+" &&
                    json_at(steps[1], "content") == " " && json_at(steps[2], "type") == "Lowercase";
  if (!good) return other(what, "normalizer", "NFC, whitespace to one space, Lowercase", normalizer);
  return {};
}

Result<void> check_pre_tokenizer(const json& pre_tokenizer, const std::string& what) {
  // Since version 5 transformers puts the special tokens in front.
  static const std::string pattern = R"('s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";
  static const std::string special = R"(<\|startoftext\|>|<\|endoftext\|>|)";
  const json& steps = json_at(pre_tokenizer, "pretokenizers");
  if (json_at(pre_tokenizer, "type") != "Sequence" || !steps.is_array() || steps.size() != 2 ||
      json_at(steps[0], "type") != "Split" || json_at(steps[1], "type") != "ByteLevel")
    return other(what, "pre_tokenizer", "Split, ByteLevel", pre_tokenizer);
  const json& found = json_at(json_at(steps[0], "pattern"), "Regex");
  if (found != pattern && found != special + pattern)
    return other(what, "pre_tokenizer: pattern", pattern, found);
  if (json_at(steps[0], "behavior") != "Removed" || json_at(steps[0], "invert") != true)
    return other(what, "pre_tokenizer: behavior", "Removed, inverted", json_at(steps[0], "behavior"));
  if (!is_unset_or(json_at(steps[1], "add_prefix_space"), false))
    return other(what, "pre_tokenizer: add_prefix_space", "false", json_at(steps[1], "add_prefix_space"));
  return {};
}

}  // namespace

const json& json_at(const json& object, const char* key) {
  static const json null;
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

std::optional<int32_t> token_id(const json& value) {
  constexpr uint64_t highest = 4194303;
  if (!value.is_number_unsigned() || value.get<uint64_t>() > highest) return std::nullopt;
  return value.get<int32_t>();
}

std::vector<std::pair<std::string, int32_t>> added_tokens(const json& root) {
  std::vector<std::pair<std::string, int32_t>> tokens;
  const json& list = json_at(root, "added_tokens");
  if (!list.is_array()) return tokens;
  for (const json& entry : list) {
    const auto id = token_id(json_at(entry, "id"));
    const json& content = json_at(entry, "content");
    if (id && content.is_string()) tokens.emplace_back(content.get<std::string>(), *id);
  }
  return tokens;
}

Result<void> check_clip_tokenizer(const json& root, const std::string& what) {
  if (!json_at(root, "model").is_object())
    return Error(ErrorKind::corrupt,
                 what + ": expected an object \"model\", found " + shown(json_at(root, "model")));
  TRY(check_model(json_at(root, "model"), what));
  TRY(check_normalizer(json_at(root, "normalizer"), what));
  TRY(check_pre_tokenizer(json_at(root, "pre_tokenizer"), what));
  return {};
}

}  // namespace elanus::clip
