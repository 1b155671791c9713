// NPY (NumPy's array file, format 1.0 to 3.0): 1-D or 2-D arrays of little-endian f2, f4 or f8 in C order.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "base/result.h"

namespace elanus::io {

struct Matrix {
  size_t rows = 0, columns = 0;  // a 1-D array is one row
  std::vector<float> values;     // rows * columns, row-major
};

// `what` names the source in errors. Everything is checked against bytes.size() before memory is asked for.
Result<Matrix> parse_npy(std::span<const std::byte> bytes, const std::string& what);
Result<Matrix> read_npy(const std::filesystem::path& path);

// f4, C order, 2-D; replaced atomically.
Result<void> write_npy(const std::filesystem::path& path, const Matrix& matrix);

}  // namespace elanus::io
