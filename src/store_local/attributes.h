// What filters compare of a record, side by side: a copy, in library.idx, of some columns of `image`.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/collection.h"

namespace elanus::store_local {

constexpr size_t kNumberColumns = 5;  // in the order of store::NumberField
constexpr size_t kTextColumns = 3;    // label, camera, type
constexpr size_t kAttributeColumns = kNumberColumns + kTextColumns;

// Each text is there once, as a word.
struct TextColumn {
  std::span<const uint32_t> word;   // [n]: below words()
  std::span<const uint64_t> begin;  // [words() + 1]: where each word begins in `bytes`; the end of the last
  std::span<const char> bytes;

  size_t words() const { return begin.empty() ? 0 : begin.size() - 1; }
  std::string_view text(size_t i) const { return {bytes.data() + begin[i], begin[i + 1] - begin[i]}; }
};

struct AttributeColumns {
  std::array<std::span<const int64_t>, kNumberColumns> numbers;  // [n] each
  std::array<TextColumn, kTextColumns> texts;
};

// Columns that grow by a row at a time.
class OwnedAttributes {
 public:
  OwnedAttributes() { clear(); }
  void add(const store::Picture& picture);
  void clear();
  // Valid until the next call of the others.
  AttributeColumns view() const;

 private:
  struct Texts {
    std::vector<uint32_t> word;
    std::vector<uint64_t> begin;
    std::vector<char> bytes;
    std::unordered_map<std::string, uint32_t> known;
  };
  std::array<std::vector<int64_t>, kNumberColumns> numbers_;
  std::array<Texts, kTextColumns> texts_;
};

// Whether no filter over the columns tells the two apart.
bool filters_see_the_same(const store::Picture& a, const store::Picture& b);

}  // namespace elanus::store_local
