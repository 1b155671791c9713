// Filters as the command line and the web page ask for them: a few plain words, and the language of
// store/filter_parser.h for the rest.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "store/filter.h"

namespace elanus::search {

// Empty fields ask for nothing. One of several paths (labels, types) is enough; a picture must pass all that
// is asked.
struct PictureFilter {
  // With `*`, `?` or `[`: a glob of the path's end, from a '/' on ("2023/*.jpg"). Else, or if it is absolute: a file or folder,
  // by its whole path ("/photos/2023") or by the names at any place in it ("2023/june").
  std::vector<std::string> paths;
  std::vector<std::string> labels;
  std::vector<std::string> types;  // "jpg", "PNG"
  // Dates as "2023", "2023-06", "2023-06-15" or with "T12:34": taken at or after the first moment of `after`,
  // and before the first moment of `before`. By the camera's clock; where the camera noted nothing, by the
  // file's time (UTC).
  std::string after, before;
  std::string where;  // store::parse_filter
};

// invalid_argument: a date or a filter that cannot be read.
Result<store::Filter> to_filter(const PictureFilter& wanted);

}  // namespace elanus::search
