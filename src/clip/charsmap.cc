#include "clip/charsmap.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "clip/tokenizer_model.h"

namespace elanus::clip {
namespace {

constexpr const char *kPackedUnits = "tokenizer.rules.trie", *kPackedReplacements = "tokenizer.rules.text";

static_assert(std::endian::native == std::endian::little, "units are read as they are");

// A unit of the double array (Darts-clone, DoubleArrayUnit).
bool has_leaf(uint32_t unit) { return (unit >> 8 & 1) != 0; }
uint32_t value_of(uint32_t unit) { return unit & 0x7FFFFFFF; }
uint32_t label_of(uint32_t unit) { return unit & 0x800000FF; }
uint32_t offset_of(uint32_t unit) { return unit >> 10 << ((unit & 0x200) >> 6); }

size_t first_character(std::string_view text) {
  size_t n = 1;
  while (n < text.size() && n < 4 && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) ++n;
  return n;
}

}  // namespace

Result<Charsmap> Charsmap::create(std::string_view precompiled, const std::string& what) {
  Charsmap map;
  if (precompiled.empty()) return map;
  uint32_t trie_bytes = 0;
  if (precompiled.size() >= sizeof trie_bytes)
    std::memcpy(&trie_bytes, precompiled.data(), sizeof trie_bytes);
  const std::string_view rest = precompiled.substr(std::min(precompiled.size(), sizeof trie_bytes));
  if (trie_bytes == 0 || trie_bytes % sizeof(uint32_t) != 0 || trie_bytes >= rest.size() ||
      rest.back() != '\0')
    return Error(ErrorKind::corrupt, what +
                                         ": precompiled_charsmap: expected a trie and replacements that end "
                                         "with a zero byte, found a trie of " +
                                         std::to_string(trie_bytes) + " bytes in " +
                                         std::to_string(precompiled.size()));
  map.own_units_.resize(trie_bytes / sizeof(uint32_t));
  std::memcpy(map.own_units_.data(), rest.data(), trie_bytes);
  map.own_replacements_ = rest.substr(trie_bytes);
  map.units_ = map.own_units_;
  map.replacements_ = map.own_replacements_;
  return map;
}

void Charsmap::pack(PackedWriter& writer) const {
  pack_table(writer, kPackedUnits, units_);
  pack_table(writer, kPackedReplacements, std::span(replacements_.data(), replacements_.size()));
}

Result<Charsmap> Charsmap::from_packed(const PackedFile& file) {
  Charsmap map;
  map.units_ = TRY(packed_table<uint32_t>(file, kPackedUnits));
  const auto text = TRY(packed_table<char>(file, kPackedReplacements));
  map.replacements_ = {text.data(), text.size()};
  if (map.units_.empty() != text.empty() || (!text.empty() && text.back() != '\0'))
    return Error(ErrorKind::corrupt, file.path().string() + ": no normalisation rules");
  return map;
}

Charsmap::Step Charsmap::step(std::string_view text) const {
  Step best{text.substr(0, first_character(text)), first_character(text)};
  if (units_.empty()) return best;
  size_t at = offset_of(units_[0]);
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    at ^= byte;
    if (at >= units_.size() || label_of(units_[at]) != byte) break;
    const bool leaf = has_leaf(units_[at]);
    at ^= offset_of(units_[at]);
    if (!leaf) continue;
    const size_t begin = at < units_.size() ? value_of(units_[at]) : replacements_.size();
    if (begin >= replacements_.size()) break;
    best = {replacements_.substr(begin, replacements_.find('\0', begin) - begin), i + 1};
  }
  return best;
}

}  // namespace elanus::clip
