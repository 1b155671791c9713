// Rows for the tests of search, with codes or without.
#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "base/f16.h"
#include "index/codes.h"
#include "index/rows.h"
#include "ops/kernels.h"

namespace elanus::index {

inline void make_unit(std::span<float> vector) { ops::kernels().normalize(vector.data(), vector.size()); }

inline std::vector<float> random_unit(uint32_t dim, std::mt19937_64& random) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(dim);
  for (float& value : vector) value = normal(random);
  make_unit(vector);
  return vector;
}

// One part that owns what its Rows show. Keys count from `first_key`.
class TestRows {
 public:
  TestRows(uint32_t dim, size_t n, const std::function<void(size_t, std::span<float>)>& fill,
           int64_t first_key = 0)
      : dim_(dim), values_(n * dim) {
    std::vector<float> row(dim);
    for (size_t i = 0; i < n; ++i) {
      fill(i, row);
      ops::kernels().f32_to_f16(row.data(), values_.data() + i * dim, dim);
      keys_.push_back(first_key + static_cast<int64_t>(i));
    }
  }

  TestRows(uint32_t dim, std::span<const uint16_t> values)
      : dim_(dim), values_(values.begin(), values.end()) {
    for (size_t i = 0; i < values.size() / dim; ++i) keys_.push_back(static_cast<int64_t>(i));
  }

  size_t size() const { return keys_.size(); }
  std::span<const uint16_t> values() const { return values_; }
  std::span<uint16_t> row(size_t i) { return std::span(values_).subspan(i * dim_, dim_); }

  void learn() { code(std::make_shared<Frame>(Frame::learn(dim_, values_).value())); }
  void code(std::shared_ptr<const Frame> frame) {
    frame_ = std::move(frame);
    codes_.resize(coded_bytes(dim_, size()));
    encode(*frame_, values_, codes_);
  }
  std::shared_ptr<const Frame> frame() const { return frame_; }

  void kill(size_t row) {
    dead_.resize(size() / 64 + 1);
    dead_[row / 64] |= uint64_t{1} << (row % 64);
  }

  Rows rows() const { return {values_, keys_, dead_, frame_.get(), codes_, nullptr}; }

 private:
  uint32_t dim_;
  std::vector<uint16_t> values_;
  std::vector<int64_t> keys_;
  std::vector<uint64_t> dead_;
  std::shared_ptr<const Frame> frame_;
  std::vector<uint8_t> codes_;
};

}  // namespace elanus::index
