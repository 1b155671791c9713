// The header of an NPY file: a Python dict literal, of which exactly what numpy.save writes is read.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::io {

struct NpyHeader {
  std::string descr;  // "<f4"
  bool fortran_order = false;
  std::vector<size_t> shape;
};

// {'descr': '<f4', 'fortran_order': False, 'shape': (1077, 512), }: these three keys, each once, in any
// order. corrupt says at which byte of the header something else stands; `what` names the source.
Result<NpyHeader> parse_npy_header(std::string_view header, const std::string& what);

}  // namespace elanus::io
