#pragma once

#include <numeric>
#include <vector>

namespace elanus::pipeline {

// 0, 1, … n - 1.
inline std::vector<int> numbers(int n) {
  std::vector<int> all(n);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace elanus::pipeline
