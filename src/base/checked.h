// Sizes from outside are added and multiplied with these, so that a lying header is an error and not a small buffer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

namespace elanus::base {

// a + b, or nothing when it does not fit.
constexpr std::optional<size_t> checked_add(size_t a, size_t b) {
  size_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

// The product of all factors, or nothing when it does not fit.
template <class... Sizes>
constexpr std::optional<size_t> checked_mul(size_t first, Sizes... rest) {
  size_t product = first;
  bool overflow = false;
  ((overflow = overflow || __builtin_mul_overflow(product, static_cast<size_t>(rest), &product)), ...);
  if (overflow) return std::nullopt;
  return product;
}

}  // namespace elanus::base
