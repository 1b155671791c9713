#include "io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/checked.h"
#include "io/json.h"

namespace elanus::io {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are read as they lie in the file");

constexpr size_t max_header_bytes = size_t{16} << 20;

struct DtypeInfo {
  std::string_view name;
  size_t bytes;
  Dtype dtype;
};
constexpr DtypeInfo dtypes[] = {
    {"F32", 4, Dtype::f32},       {"F16", 2, Dtype::f16},       {"BF16", 2, Dtype::bf16},
    {"F64", 8, Dtype::other},     {"I64", 8, Dtype::other},     {"I32", 4, Dtype::other},
    {"I16", 2, Dtype::other},     {"I8", 1, Dtype::other},      {"U64", 8, Dtype::other},
    {"U32", 4, Dtype::other},     {"U16", 2, Dtype::other},     {"U8", 1, Dtype::other},
    {"BOOL", 1, Dtype::other},    {"C64", 8, Dtype::other},     {"F8_E4M3", 1, Dtype::other},
    {"F8_E5M2", 1, Dtype::other}, {"F8_E8M0", 1, Dtype::other},
};

// An array of non-negative integers, or nothing.
std::optional<std::vector<size_t>> sizes(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return std::nullopt;
  std::vector<size_t> values;
  for (const nlohmann::json& value : *found) {
    if (!value.is_number_unsigned()) return std::nullopt;
    values.push_back(value.get<size_t>());
  }
  return values;
}

Error bad(ErrorKind kind, const std::string& what, const std::string& name, const std::string& why) {
  return {kind, what + ": tensor " + name + ": " + why};
}

Result<TensorView> tensor_from(const nlohmann::json& entry, const std::string& what, const std::string& name,
                               std::span<const std::byte> data) {
  const auto corrupt = [&](const std::string& why) { return bad(ErrorKind::corrupt, what, name, why); };
  if (!entry.is_object()) return corrupt("expected an object, found " + std::string(entry.type_name()));
  const auto dtype = entry.find("dtype");
  if (dtype == entry.end() || !dtype->is_string()) return corrupt("expected a string \"dtype\"");
  TensorView view;
  view.dtype_name = dtype->get<std::string>();
  const auto* info = std::find_if(std::begin(dtypes), std::end(dtypes),
                                  [&](const DtypeInfo& d) { return d.name == view.dtype_name; });
  if (info == std::end(dtypes))
    return bad(ErrorKind::unsupported, what, name, "unknown dtype " + view.dtype_name);
  view.dtype = info->dtype;

  auto shape = sizes(entry, "shape");
  if (!shape) return corrupt("expected \"shape\" to be an array of sizes");
  view.shape = std::move(*shape);
  std::optional<size_t> bytes = info->bytes;
  for (const size_t size : view.shape) bytes = bytes ? base::checked_mul(*bytes, size) : bytes;
  if (!bytes) return corrupt("shape " + shape_text(view.shape) + " is too large for any memory");

  const auto range = sizes(entry, "data_offsets");
  if (!range || range->size() != 2) return corrupt("expected \"data_offsets\" to be [begin, end]");
  const size_t begin = (*range)[0], end = (*range)[1];
  if (begin > end || end > data.size())
    return corrupt("expected a range within " + std::to_string(data.size()) + " bytes of data, found " +
                   shape_text(*range));
  if (end - begin != *bytes)
    return corrupt("expected " + std::to_string(*bytes) + " bytes for " + view.dtype_name + " " +
                   shape_text(view.shape) + ", found " + std::to_string(end - begin));
  view.data = data.subspan(begin, end - begin);
  return view;
}

// Together the tensors cover the data once.
Result<void> check_cover(const TensorMap& tensors, std::span<const std::byte> data, const std::string& what) {
  struct Range {
    size_t begin, end;
    const std::string* name;
  };
  std::vector<Range> ranges;
  for (const auto& [name, view] : tensors) {
    const size_t begin = static_cast<size_t>(view.data.data() - data.data());
    ranges.push_back({begin, begin + view.data.size(), &name});
  }
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  size_t covered = 0;
  for (const Range& range : ranges) {
    if (range.begin != covered)
      return bad(
          ErrorKind::corrupt, what, *range.name,
          std::string(range.begin < covered ? "overlaps the tensor before it" : "leaves a gap before it") +
              ": expected data to begin at " + std::to_string(covered) + ", found " +
              std::to_string(range.begin));
    covered = range.end;
  }
  if (covered != data.size())
    return Error(ErrorKind::corrupt, what + ": expected " + std::to_string(covered) +
                                         " bytes of data after the header, found " +
                                         std::to_string(data.size()));
  return {};
}

}  // namespace

size_t TensorView::elements() const {
  size_t product = 1;
  for (const size_t size : shape) product *= size;
  return product;
}

std::string shape_text(std::span<const size_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

Result<TensorMap> parse_safetensors(std::span<const std::byte> bytes, const std::string& what) {
  uint64_t header_bytes = 0;
  if (bytes.size() < sizeof header_bytes)
    return Error(ErrorKind::corrupt, what + " is cut off: expected 8 bytes of header length, found " +
                                         std::to_string(bytes.size()));
  std::memcpy(&header_bytes, bytes.data(), sizeof header_bytes);
  bytes = bytes.subspan(sizeof header_bytes);
  if (header_bytes > bytes.size())
    return Error(ErrorKind::corrupt, what + " is cut off or no safetensors file: expected a header of " +
                                         std::to_string(header_bytes) + " bytes, found " +
                                         std::to_string(bytes.size()));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), header_bytes);
  const nlohmann::json header = TRY(parse_json(
      text, what + ": header", {.max_bytes = max_header_bytes, .max_depth = 8, .unique_keys = true}));
  if (!header.is_object())
    return Error(ErrorKind::corrupt,
                 what + ": expected the header to be an object, found " + header.type_name());

  const std::span<const std::byte> data = bytes.subspan(header_bytes);
  TensorMap tensors;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    tensors.emplace(name, TRY(tensor_from(entry, what, name, data)));
  }
  TRY(check_cover(tensors, data, what));
  return tensors;
}

}  // namespace elanus::io
