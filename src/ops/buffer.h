// Memory for weights and workspaces: aligned to cache lines, in huge pages where the system has them, not
// initialised.
#pragma once
#include <cstddef>
#include <memory>

#include "base/result.h"

namespace elanus::ops {

// Owns `bytes` of memory. Pages are only taken from the system when first written.
class Buffer {
 public:
  // too_large when the system refuses.
  static Result<Buffer> allocate(size_t bytes);
  Buffer() = default;

  std::byte* data() const { return data_.get(); }
  float* floats() const { return reinterpret_cast<float*>(data_.get()); }
  size_t bytes() const { return bytes_; }

 private:
  struct Free {
    void operator()(std::byte* p) const;
  };
  std::unique_ptr<std::byte, Free> data_;
  size_t bytes_ = 0;
};

}  // namespace elanus::ops
