// What a tokenizer.json says beside its vocabulary: is it CLIP's tokenizer? Private to the tokenizer's
// readers.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace elanus::clip {

// A token's id, or nothing when it is no whole number from 0 to 4194303.
std::optional<int32_t> token_id(const nlohmann::json& value);

// The well-formed entries of "added_tokens".
std::vector<std::pair<std::string, int32_t>> added_tokens(const nlohmann::json& root);

// corrupt when there is no "model"; unsupported names the part that is not CLIP's.
Result<void> check_clip_tokenizer(const nlohmann::json& root, const std::string& what);

}  // namespace elanus::clip
