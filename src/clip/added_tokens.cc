#include "clip/added_tokens.h"

#include <algorithm>

#include "clip/config_fields.h"
#include "clip/tokenizer_json.h"

namespace elanus::clip {

AddedTokens::AddedTokens(PieceTable table) : table_(std::move(table)) {
  for (const auto& piece : table_.pieces())
    starts_[static_cast<unsigned char>(table_.token(piece)[0])] = true;
}

Result<AddedTokens> AddedTokens::create(const std::vector<std::pair<std::string, int32_t>>& tokens,
                                        const std::string& what) {
  std::vector<PieceTable::Source> pieces;
  for (const auto& [token, id] : tokens)
    if (!token.empty()) pieces.push_back({token, id});
  return AddedTokens(TRY(PieceTable::create(std::move(pieces), what)));
}

Result<AddedTokens> AddedTokens::from_packed(const PackedFile& file, int32_t vocab_size) {
  return AddedTokens(TRY(PieceTable::from_packed(file, kPackedName, vocab_size)));
}

Result<void> check_added_tokens(const nlohmann::json& root, const std::vector<std::string>& allowed,
                                const std::string& like, const std::string& what) {
  const nlohmann::json& list = json_at(root, "added_tokens");
  if (!list.is_array())
    return Error(ErrorKind::unsupported, what + ": added_tokens: expected an array, found " + shown(list));
  for (const nlohmann::json& token : list)
    for (const char* flag : {"single_word", "lstrip", "rstrip", "normalized"})
      if (json_at(token, flag) == true && std::find(allowed.begin(), allowed.end(), flag) == allowed.end())
        return Error(ErrorKind::unsupported, what + ": added_tokens: " + flag + ": expected false, as " +
                                                 like + " has it, found true");
  return {};
}

}  // namespace elanus::clip
