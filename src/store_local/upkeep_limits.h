// From when on a writer's thread does the upkeep (upkeep.h). Tests set low ones.
#pragma once
#include <cstdint>

namespace elanus::store_local {

struct UpkeepLimits {
  // Of the log: 64 MiB. What comes back to a page meanwhile is written to library.db once.
  int64_t pages = 4096;
  // A collection with fewer is seen to at once: that takes a few milliseconds, and no thread.
  int64_t slots = 8192;
};

}  // namespace elanus::store_local
