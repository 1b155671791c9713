#include "clip/piece_table.h"

#include <limits>

#include "clip/tokenizer_model.h"

namespace elanus::clip {

Result<PieceTable> PieceTable::create(std::vector<Source> tokens, const std::string& what) {
  std::stable_sort(tokens.begin(), tokens.end(),
                   [](const Source& a, const Source& b) { return a.token < b.token; });
  PieceTable table;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i + 1 < tokens.size() && tokens[i].token == tokens[i + 1].token) continue;
    const std::string& token = tokens[i].token;
    if (table.own_bytes_.size() + token.size() > std::numeric_limits<uint32_t>::max())
      return Error(ErrorKind::too_large, what + ": expected a vocabulary of at most 4 GiB");
    table.own_pieces_.push_back({static_cast<uint32_t>(table.own_bytes_.size()),
                                 static_cast<uint32_t>(token.size()), tokens[i].id, tokens[i].score});
    table.own_bytes_.insert(table.own_bytes_.end(), token.begin(), token.end());
  }
  table.pieces_ = table.own_pieces_;
  table.bytes_ = table.own_bytes_;
  return table;
}

void PieceTable::pack(PackedWriter& writer, const std::string& name) const {
  pack_table(writer, (name + ".pieces").c_str(), pieces_);
  pack_table(writer, (name + ".bytes").c_str(), bytes_);
}

Result<PieceTable> PieceTable::from_packed(const PackedFile& file, const std::string& name,
                                           int32_t vocab_size) {
  PieceTable table;
  table.pieces_ = TRY(packed_table<Piece>(file, (name + ".pieces").c_str()));
  table.bytes_ = TRY(packed_table<char>(file, (name + ".bytes").c_str()));
  uint64_t end = 0;  // pieces lie one after the other, as create() puts them
  std::string_view before;
  for (const Piece& piece : table.pieces_) {
    const bool fits = piece.begin == end && piece.size > 0 && piece.size <= table.bytes_.size() - end &&
                      piece.id >= 0 && piece.id < vocab_size;
    if (!fits || table.token(piece) <= before)
      return Error(ErrorKind::corrupt, file.path().string() + ": " + name + " is no table of tokens");
    before = table.token(piece);
    end += piece.size;
  }
  return table;
}

}  // namespace elanus::clip
