// What became of pictures that are stored but were not seen again.
#pragma once
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::ingest {

struct Missing {
  std::vector<int64_t> gone;         // their files were deleted
  std::vector<std::string> notices;  // kept: the folder looks like an empty mount point, or cannot be read
};

// Looks at the records below `roots` whose path is not in `seen`. A file counts as gone only when the file system says
// that it does not exist and the nearest folder above that does exist is not empty: an unplugged drive leaves an empty
// folder behind, and its pictures are kept.
Result<Missing> find_missing(const store::Collection& collection, const std::vector<std::string>& roots,
                             const std::unordered_set<std::string>& seen);

// The records that came from the CSV `csv` and whose path it does not name any more, whether or not the file exists:
// the CSV says what is in the collection. A CSV that names nothing at all is taken for one that was cut off, and its
// records are kept.
Result<Missing> find_unlisted(const store::Collection& collection, const std::string& csv,
                              const std::unordered_set<std::string>& named, const std::unordered_set<std::string>& seen);

// True when the file system answers that there is nothing at this path (and not that it cannot tell).
bool is_gone(const std::string& path);

}  // namespace elanus::ingest
