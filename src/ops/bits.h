// Bytes to bits, for kernels of several levels and for whoever makes masks beside them.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace elanus::ops {

// Bit i is pass[i], 0 or 1, of 64. `static`: each level's file has its own, compiled for its CPU.
static inline uint64_t bits_of(const uint8_t* pass) {
  // Brings the lowest bits of eight bytes, in the order of memory, into the highest byte of the product.
  constexpr uint64_t kGather =
      std::endian::native == std::endian::little ? 0x0102040810204080 : 0x8040201008040201;
  uint64_t set = 0;
  for (size_t eight = 0; eight < 8; ++eight) {
    uint64_t bytes;
    std::memcpy(&bytes, pass + 8 * eight, 8);
    set |= (bytes * kGather >> 56) << 8 * eight;
  }
  return set;
}

}  // namespace elanus::ops
