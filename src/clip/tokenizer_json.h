// What a tokenizer.json says beside its vocabulary: is it CLIP's tokenizer? Private to the tokenizer's
// readers.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "clip/bpe.h"

namespace elanus::clip {

// The value at object[key], or null. `object` may be anything.
const nlohmann::json& json_at(const nlohmann::json& object, const char* key);

// {token: id}, and ["left right", ...] or [[left, right], ...]. corrupt names `what`.
Result<Vocabulary> vocabulary_from(const nlohmann::json& object, const std::string& what);
Result<MergeList> merges_from(const nlohmann::json& list, const std::string& what);

// A token's id, or nothing when it is no whole number from 0 to 4194303.
std::optional<int32_t> token_id(const nlohmann::json& value);

// The well-formed entries of "added_tokens".
std::vector<std::pair<std::string, int32_t>> added_tokens(const nlohmann::json& root);

// corrupt when there is no "model"; unsupported names the part that is not CLIP's.
Result<void> check_clip_tokenizer(const nlohmann::json& root, const std::string& what);

}  // namespace elanus::clip
