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

  // Only merges, for a tokenizer that finds the first symbols itself. corrupt as above.
  static Result<Bpe> of_merges(const Vocabulary& vocabulary, const MergeList& merges,
                               const std::string& what);

  struct Merge {
    uint64_t pair;  // left id << 32 | right id
    uint32_t rank;
    int32_t id;
  };
  // All that encode() needs, as it lies in a packed file.
  struct Tables {
    std::span<const int32_t> byte_ids;  // of each byte inside a piece, then of each at its end
    std::span<const Merge> merges;      // by pair
  };
  Tables tables() const { return {byte_ids_, merges_}; }
  // Takes tables that outlive it. corrupt unless there are 512 byte ids, the merges are in order, and all ids
  // are below vocab_size.
  static Result<Bpe> borrow(const Tables& tables, size_t vocab_size, const std::string& what);
  static Result<Bpe> borrow_merges(std::span<const Merge> merges, size_t vocab_size, const std::string& what);

  Bpe(Bpe&&) = default;
  Bpe& operator=(Bpe&&) = default;

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

  // The same from scratch.symbols, at least one and linked in order.
  void merge(Scratch& scratch, std::vector<int32_t>& ids) const;

 private:
  Bpe() = default;
  const Merge* find(int32_t left, int32_t right) const;
  void offer(Scratch& scratch, int32_t left) const;

  std::array<int32_t, 512> byte_ids_{};
  std::vector<Merge> own_merges_;  // empty when borrowed
  std::span<const Merge> merges_;
};

}  // namespace elanus::clip
