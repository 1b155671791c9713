// The tokens of a vocabulary by their bytes, for the question which of them a text begins with. Flat arrays
// in order, so that a packed file holds them as they are and a start builds nothing.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/packed_file.h"

namespace elanus::clip {

// Thread-safety: const after construction.
class PieceTable {
 public:
  struct Piece {
    uint32_t begin, size;  // in the bytes
    int32_t id;
    float score;  // of a Unigram model; else 0
  };
  struct Source {
    std::string token;  // not empty
    int32_t id;
    float score = 0;
  };

  PieceTable() = default;
  // Of equal tokens the last one counts. too_large above 4 GiB of tokens.
  static Result<PieceTable> create(std::vector<Source> tokens, const std::string& what);
  PieceTable(PieceTable&&) = default;
  PieceTable& operator=(PieceTable&&) = default;

  // As "<name>.pieces" and "<name>.bytes". from_packed borrows them from the file, which outlives the table;
  // corrupt unless they are in order, within their bytes and their ids in [0, vocab_size).
  void pack(PackedWriter& writer, const std::string& name) const;
  static Result<PieceTable> from_packed(const PackedFile& file, const std::string& name, int32_t vocab_size);

  // Calls found(piece) for each token that `text` begins with, the shortest first.
  template <class Found>
  void prefixes(std::string_view text, const Found& found) const {
    auto first = pieces_.begin(), last = pieces_.end();
    for (uint32_t depth = 0; depth < text.size() && first != last; ++depth) {
      const auto byte = static_cast<unsigned char>(text[depth]);
      first = std::partition_point(first, last, [&](const Piece& p) { return at(p, depth) < byte; });
      last = std::partition_point(first, last, [&](const Piece& p) { return at(p, depth) == byte; });
      if (first != last && first->size == depth + 1) found(*first);
    }
  }
  // The longest of them, nullptr when there is none.
  const Piece* longest(std::string_view text) const {
    const Piece* best = nullptr;
    prefixes(text, [&](const Piece& piece) { best = &piece; });
    return best;
  }
  std::span<const Piece> pieces() const { return pieces_; }
  std::string_view token(const Piece& piece) const { return {&bytes_[piece.begin], piece.size}; }

 private:
  // The byte at `depth`, -1 past the end; what is before is equal in all pieces that are compared.
  int at(const Piece& piece, uint32_t depth) const {
    return depth < piece.size ? static_cast<unsigned char>(bytes_[piece.begin + depth]) : -1;
  }

  std::vector<Piece> own_pieces_;  // empty when borrowed
  std::vector<char> own_bytes_;
  std::span<const Piece> pieces_;
  std::span<const char> bytes_;
};

}  // namespace elanus::clip
