// SentencePiece's precompiled normalisation rules: what the text begins with, the longest that there is a
// rule for, is replaced. Format (normalizer.cc of SentencePiece): the size of a double-array trie, the trie
// (Darts-clone), and the replacements, each ended by a zero byte; a leaf of the trie says where its
// replacement begins.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/packed_file.h"

namespace elanus::clip {

// Thread-safety: const after construction.
class Charsmap {
 public:
  // No rules.
  Charsmap() = default;
  // Empty bytes: no rules. corrupt when the sizes do not fit. Rules are followed with every step checked.
  static Result<Charsmap> create(std::string_view precompiled, const std::string& what);
  Charsmap(Charsmap&&) = default;
  Charsmap& operator=(Charsmap&&) = default;

  void pack(PackedWriter& writer) const;
  static Result<Charsmap> from_packed(const PackedFile& file);

  struct Step {
    std::string_view text;  // what stands there afterwards
    size_t consumed;        // of the text, at least 1
  };
  // `text` is UTF-8 and not empty. Without a rule its first character stays.
  Step step(std::string_view text) const;

 private:
  std::vector<uint32_t> own_units_;  // empty when borrowed
  std::string own_replacements_;
  std::span<const uint32_t> units_;
  std::string_view replacements_;
};

}  // namespace elanus::clip
