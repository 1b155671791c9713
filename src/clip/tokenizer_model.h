// What every kind of tokenizer can do. Private to clip/tokenizer.h's kinds.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/packed_file.h"

namespace elanus::clip {

struct Encoded {
  std::vector<int32_t> ids;  // start token, the text's, end token: 2..context_length. SigLIP's: the text's,
                             // end token, padding: context_length
  size_t padding = 0;        // how many of the last ids are padding
  bool truncated = false;    // the text had more tokens than fit; its end was cut, the end token kept
};

// Ids that a tokenizer may give; -1 where there is none.
struct SpecialIds {
  int32_t start = -1, end = -1, padding = -1;
  int32_t vocab_size = 0;  // highest id + 1
};

// Thread-safety: const after construction.
class TokenizerModel {
 public:
  virtual ~TokenizerModel() = default;

  // The ids of the text alone, at most about `enough` of them: it may stop once it has more. Any bytes;
  // invalid UTF-8 is read as U+FFFD.
  virtual std::vector<int32_t> encode(std::string_view text, size_t enough) const = 0;

  const SpecialIds& special() const { return special_; }

  // The first byte of a packed tokenizer says which kind follows.
  virtual char kind() const = 0;
  // All that encode() needs, as entries of a packed file.
  virtual void pack(PackedWriter& writer) const = 0;

 protected:
  TokenizerModel() = default;
  explicit TokenizerModel(const SpecialIds& special) : special_(special) {}

  SpecialIds special_;
};

// Tables of a packed file, as they lie there.
template <class T>
void pack_table(PackedWriter& writer, const char* name, std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  writer.add(name, {.kind = PackedEntry::Kind::bytes, .n = bytes.size()}, bytes);
}
template <class T>
Result<std::span<const T>> packed_table(const PackedFile& file, const char* name) {
  const auto bytes = file.bytes(TRY(file.entry(name, PackedEntry::Kind::bytes)));
  return std::span(reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T));
}

}  // namespace elanus::clip
