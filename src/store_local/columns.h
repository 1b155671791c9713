// How the columns of `image` are spelled in SQL, for each format that is read.
#pragma once
#include <cstdint>
#include <string>

namespace elanus::store_local {

// Format 1 does not have the three: what they are for a record that knows nothing of them.
struct Columns {
  explicit Columns(int64_t format)
      : captured_s(format < 2 ? "0" : "captured_s"),
        camera(format < 2 ? "''" : "camera"),
        type(format < 2 ? "elanus_type(path)" : "type") {}
  std::string captured_s, camera, type;
};

}  // namespace elanus::store_local
