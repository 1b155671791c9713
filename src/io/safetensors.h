// Safetensors: 8 bytes little-endian header length, a JSON header {name: {dtype, shape, data_offsets}}, then
// the data. Format: https://huggingface.co/docs/safetensors. Every number is checked against the file before
// it is used.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::io {

// `other` is any dtype of the format that weights are never read in (I64, BOOL, F64, ...): present, but not
// converted.
enum class Dtype { f32, f16, bf16, other };

// One tensor, row-major, little-endian. Views into the parsed bytes: valid as long as those are.
struct TensorView {
  Dtype dtype = Dtype::other;
  std::string dtype_name;           // as in the header, "F32", "I64"
  std::vector<size_t> shape;        // outermost first; empty for a scalar
  std::span<const std::byte> data;  // product(shape) elements, of no particular alignment

  size_t elements() const;  // product(shape), 1 for a scalar; checked when parsed, cannot overflow
};

// "[49408, 512]"
std::string shape_text(std::span<const size_t> shape);

using TensorMap = std::map<std::string, TensorView, std::less<>>;

// `what` names the source in errors. corrupt: cut-off file, header length beyond the file or above 100 MB, a
// header that is not an object of tensors, an unknown dtype, a name twice, a size that is not product(shape)
// * itemsize, ranges that overlap, leave gaps, or end before or after the data. Errors name the tensor, what
// was expected and what was found. Thread-safety: pure.
Result<TensorMap> parse_safetensors(std::span<const std::byte> bytes, const std::string& what);

}  // namespace elanus::io
