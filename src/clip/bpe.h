// Byte-pair encoding by rank: the model part of a tokenizer. Knows ids only; how text becomes pieces is the
// tokenizer's.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace elanus::clip {

using Vocabulary = std::unordered_map<std::string, int32_t>;         // token, in CLIP's byte letters, to id
using MergeList = std::vector<std::pair<std::string, std::string>>;  // best first

// The printable stand-in for each byte in vocabularies, by Unicode code point: itself where it can be seen,
// else 256 and up in order (bytes_to_unicode of CLIP and GPT-2).
std::array<char32_t, 256> byte_letters();

// Thread-safety: const after construction.
class Bpe {
 public:
  // corrupt names a merge whose parts or whole are not in the vocabulary, and a byte that is missing when
  // there is no unknown token. `unknown` is the id for bytes that the vocabulary lacks, or -1.
  static Result<Bpe> create(const Vocabulary& vocabulary, const MergeList& merges, int32_t unknown,
                            const std::string& what);

  // Memory that calls share, so that a text allocates once.
  struct Scratch {
    struct Symbol {
      int32_t id;
      int32_t left, right;  // neighbours, -1 at the ends
      bool merged;          // swallowed by its left neighbour
    };
    struct Candidate {
      uint32_t rank;
      int32_t at;  // the left symbol
      int32_t merged_id;
    };
    std::vector<Symbol> symbols;
    std::vector<Candidate> heap;
  };

  // Appends the ids of one piece of text, at least one byte. Of all adjacent pairs the one of the best rank
  // is merged, the leftmost of equals, until none is left. Time is O(n log n).
  void encode(std::string_view piece, Scratch& scratch, std::vector<int32_t>& ids) const;

 private:
  struct Merge {
    uint64_t pair;  // left id << 32 | right id
    uint32_t rank;
    int32_t id;
  };
  const Merge* find(int32_t left, int32_t right) const;
  void offer(Scratch& scratch, int32_t left) const;

  std::array<int32_t, 256> inner_{}, last_{};  // id of a byte inside a piece and at its end
  std::vector<Merge> merges_;                  // by pair
};

}  // namespace elanus::clip
