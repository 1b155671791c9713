#include <cstdint>
#include <cstdlib>

#include "store/collection.h"
#include "store/filter_parser.h"

// What is accepted is within the bounds of a filter, and has an answer for a picture.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(elanus::store::parse_period(text));
  const auto filter = elanus::store::parse_filter(text);
  if (!filter.ok()) {
    if (filter.error().message().empty()) std::abort();
    return 0;
  }
  if (!elanus::store::check_filter(*filter).ok()) std::abort();
  elanus::store::Picture picture;
  picture.path = "/a/b.jpg";
  picture.width = 640;
  picture.label = std::string(text.substr(0, 200));
  picture.attributes = R"({"n":3})";
  static_cast<void>(elanus::store::matches(*filter, 1, picture));
  return 0;
}
