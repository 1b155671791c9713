// Tokens that are looked for in the text as it is written, before anything is done to it.
#pragma once
#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "clip/piece_table.h"

namespace elanus::clip {

// Thread-safety: const after construction.
class AddedTokens {
 public:
  AddedTokens() = default;
  static Result<AddedTokens> create(const std::vector<std::pair<std::string, int32_t>>& tokens,
                                    const std::string& what);

  void pack(PackedWriter& writer) const { table_.pack(writer, kPackedName); }
  static Result<AddedTokens> from_packed(const PackedFile& file, int32_t vocab_size);

  // Cuts the text at its added tokens, the leftmost and there the longest: plain(text) for each part that is
  // not empty, added(id) for each token, in order, as long as more() is true.
  template <class Plain, class Added, class More>
  void split(std::string_view text, const Plain& plain, const Added& added, const More& more) const {
    size_t begin = 0;  // of what is plain
    for (size_t at = 0; at < text.size() && more();) {
      const PieceTable::Piece* found =
          starts_[static_cast<unsigned char>(text[at])] ? table_.longest(text.substr(at)) : nullptr;
      if (!found) {
        ++at;
        continue;
      }
      if (at > begin) plain(text.substr(begin, at - begin));
      added(found->id);
      begin = at += found->size;
    }
    if (begin < text.size() && more()) plain(text.substr(begin));
  }

 private:
  static constexpr const char* kPackedName = "tokenizer.added";
  explicit AddedTokens(PieceTable table);

  PieceTable table_;
  std::array<bool, 256> starts_{};  // first bytes of the tokens
};

// unsupported when an entry of "added_tokens" of a tokenizer.json asks for a flag that is not one of
// `allowed` (single_word, lstrip, rstrip, normalized). `like` names whose tokenizer it should be.
Result<void> check_added_tokens(const nlohmann::json& tokenizer_json, const std::vector<std::string>& allowed,
                                const std::string& like, const std::string& what);

}  // namespace elanus::clip
