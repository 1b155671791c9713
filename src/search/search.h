// search: one function from what a person asks to ranked hits.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"
#include "store/collection.h"

namespace elanus::search {

struct Answer {
  std::vector<store::Hit> hits;  // best first
  bool truncated = false;        // the words did not all fit into the model's context; its end was not read
  uint32_t tokens = 0;           // of the words, start and end included
};

// The pictures that fit `words` best. mismatch when another model made the collection; invalid_argument when there are
// no words. Thread-safety: as Clip and Collection, any number of calls at once.
Result<Answer> search_text(const store::Collection& collection, const clip::Clip& clip, const std::string& words,
                           const store::SearchParams& params);

// The pictures most like the one in `bytes` (an encoded picture file; `what` names it in errors).
Result<Answer> search_image(const store::Collection& collection, const clip::Clip& clip,
                            std::span<const std::byte> bytes, const std::string& what,
                            const store::SearchParams& params);

// The embedding of one encoded picture, exactly as indexing computes it.
Result<std::vector<float>> embed_picture(const clip::Clip& clip, std::span<const std::byte> bytes, bool exact = false,
                                         uint64_t max_pixels = 100'000'000);

}  // namespace elanus::search
