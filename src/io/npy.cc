#include "io/npy.h"

#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "base/f16.h"
#include "io/file.h"
#include "io/npy_header.h"

namespace elanus::io {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

template <class Stored, class Convert>
void convert(std::span<const std::byte> data, std::vector<float>& values, Convert to_float) {
  for (size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, data.data() + i * sizeof stored, sizeof stored);
    values[i] = to_float(stored);
  }
}

struct Parts {
  std::string_view header;
  std::span<const std::byte> data;
};

// magic, major and minor version, header length (2 bytes in version 1, 4 later), header, data
Result<Parts> split(std::span<const std::byte> bytes, const std::string& what) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(magic)) return Error(ErrorKind::corrupt, what + " is not an NPY file");
  const unsigned version = text.size() > 6 ? static_cast<unsigned char>(text[6]) : 0;
  if (text.size() > 6 && (version < 1 || version > 3))
    return Error(ErrorKind::unsupported,
                 what + ": NPY format " + std::to_string(version) + ", expected 1, 2 or 3");
  const size_t length_bytes = version == 1 ? 2 : 4;
  const size_t prefix = magic.size() + 2 + length_bytes;
  if (text.size() < prefix) return Error(ErrorKind::corrupt, what + " is cut off in its first bytes");
  uint32_t length = 0;
  std::memcpy(&length, bytes.data() + prefix - length_bytes, length_bytes);
  if (length > text.size() - prefix)
    return Error(ErrorKind::corrupt, what + " is cut off: expected a header of " + std::to_string(length) +
                                         " bytes, found " + std::to_string(text.size() - prefix));
  return Parts{text.substr(prefix, length), bytes.subspan(prefix + length)};
}

}  // namespace

Result<Matrix> parse_npy(std::span<const std::byte> bytes, const std::string& what) {
  const Parts parts = TRY(split(bytes, what));
  const NpyHeader header = TRY(parse_npy_header(parts.header, what));
  const size_t item = header.descr == "<f2" ? 2 : header.descr == "<f4" ? 4 : header.descr == "<f8" ? 8 : 0;
  if (item == 0)
    return Error(ErrorKind::unsupported,
                 what + ": dtype " + header.descr + ", expected <f2, <f4 or <f8 (save it as float32)");
  if (header.shape.empty() || header.shape.size() > 2)
    return Error(ErrorKind::unsupported,
                 what + ": " + std::to_string(header.shape.size()) + " dimensions, expected 1 or 2");
  if (header.fortran_order && header.shape.size() == 2)
    return Error(ErrorKind::unsupported,
                 what + ": Fortran order, expected C order (save numpy.ascontiguousarray of it)");

  Matrix matrix;
  matrix.rows = header.shape.size() == 1 ? 1 : header.shape[0];
  matrix.columns = header.shape.back();
  if (matrix.columns == 0 && matrix.rows > 0)
    return Error(ErrorKind::corrupt, what + ": rows of 0 values, expected at least 1");
  const auto expected = base::checked_mul(matrix.rows, matrix.columns, item);
  if (!expected || *expected != parts.data.size())
    return Error(ErrorKind::corrupt, what + ": expected " + std::to_string(matrix.rows) + " x " +
                                         std::to_string(matrix.columns) + " values of " +
                                         std::to_string(item) + " bytes, found " +
                                         std::to_string(parts.data.size()) + " bytes");
  matrix.values.resize(matrix.rows * matrix.columns);
  if (item == 2) convert<uint16_t>(parts.data, matrix.values, base::f16_to_f32);
  if (item == 4) convert<float>(parts.data, matrix.values, [](float v) { return v; });
  if (item == 8) convert<double>(parts.data, matrix.values, [](double v) { return static_cast<float>(v); });
  return matrix;
}

Result<Matrix> read_npy(const std::filesystem::path& path) {
  const MappedFile file = TRY(MappedFile::open(path));
  return parse_npy(file.bytes(), path.string());
}

Result<void> write_npy(const std::filesystem::path& path, const Matrix& matrix) {
  const auto count = base::checked_mul(matrix.rows, matrix.columns);
  if (!count || *count != matrix.values.size())
    return Error(ErrorKind::invalid_argument, path.string() + ": expected " + std::to_string(matrix.rows) +
                                                  " x " + std::to_string(matrix.columns) + " values, got " +
                                                  std::to_string(matrix.values.size()));
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(matrix.rows) +
                       ", " + std::to_string(matrix.columns) + "), }";
  // NumPy aligns the data to 64 bytes and ends the header with a newline.
  const size_t prefix = magic.size() + 4;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';
  const auto* values = reinterpret_cast<const std::byte*>(matrix.values.data());
  std::string start(magic);
  start += {'\1', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  start += header;
  const auto start_bytes = std::as_bytes(std::span(start));
  std::vector<std::byte> bytes(start_bytes.begin(), start_bytes.end());
  bytes.insert(bytes.end(), values, values + matrix.values.size() * sizeof(float));
  return write_file_atomic(path, bytes);
}

}  // namespace elanus::io
