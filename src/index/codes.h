// Vectors as one bit for each value, and what those bits say about a query.
//
// y is a row, rotated and centred (index/frame.h). Its code is the signs of y; beside it stand the factor
// |y|^2 / |y|_1, with which factor * signs . w is an unbiased estimate of y . w over rotations (Gao and Long,
// RaBitQ, SIGMOD 2024), and y . c / |c|, exactly, for the direction c of the centre. With m = q . c / |c| and
// w the query's rest, shrunk by the Wiener filter of the frame,
//
//   x . q = c . q + m (y . c) / |c| + y . (q - m c / |c|),    the last term about factor * signs . w / rho
//
// and its error, over rows of that length, has the standard deviation factor * sqrt((1 - 2 / pi) w . q /
// rho). Text queries, which lie far from all pictures, and picture queries both fit this form:
// docs/decisions/search.md.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "index/frame.h"
#include "ops/code_scan.h"

namespace elanus::index {

// The bytes of a code: a bit for each value, in whole groups of 64.
constexpr size_t code_bytes(uint32_t dim) { return (size_t{dim} + 63) / 64 * 8; }
constexpr size_t block_count(size_t rows) { return (rows + ops::kBlockRows - 1) / ops::kBlockRows; }
// The bytes of the codes of that many rows, in blocks as ops/code_scan.h has them.
constexpr size_t coded_bytes(uint32_t dim, size_t rows) {
  return block_count(rows) * ops::block_bytes(code_bytes(dim));
}

// Writes coded_bytes(frame.dim(), n) bytes for n rows of half floats. Rows that the last block lacks pass no
// threshold; nor does a row that is not finite.
void encode(const Frame& frame, std::span<const uint16_t> rows, std::span<uint8_t> blocks);

// A query as the codes of one frame want it.
class PreparedQuery {
 public:
  // `query`: dim floats, length 1. About 20 us for 512 values.
  PreparedQuery(const Frame& frame, std::span<const float> query);

  PreparedQuery(PreparedQuery&&) noexcept = default;  // the tables stay where they are
  PreparedQuery& operator=(PreparedQuery&&) noexcept = default;

  // Its bounds, plus base(), are for x . q, and lie `sigmas` standard deviations above the estimate.
  ops::CodeQuery code(float sigmas) const {
    ops::CodeQuery bounded = code_;
    bounded.offset += sigmas * deviation_;
    return bounded;
  }
  size_t bytes() const { return code_.code_bytes; }  // of a code
  float base() const { return base_; }
  // The standard deviation of a row's estimate, by its factor.
  float deviation() const { return deviation_; }

 private:
  void fill_tables(std::span<const float> weights, float rho);

  std::vector<uint8_t> storage_;
  ops::CodeQuery code_{};  // gives the estimate
  float base_ = 0, deviation_ = 0;
};

}  // namespace elanus::index
