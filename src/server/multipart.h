// multipart/form-data (RFC 7578), from a body that is all there.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::server {

struct Part {
  std::string name;
  std::string filename;      // as the client wrote it; never a path to use
  bool is_file = false;      // it has a filename, perhaps an empty one
  std::string_view content;  // into the body
};

// The parts in order. `content_type` is the request's header, with its boundary. invalid_argument: not this
// type, no boundary (1 to 70 characters), a part without a name, a head above 4 KiB, more than 1000 parts, no
// end. Time is linear in the body.
Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view content_type);

}  // namespace elanus::server
