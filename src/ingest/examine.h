// One file, looked at by a worker thread: is it new, changed, moved? If its content is not known, decode it.
#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "clip/clip.h"
#include "ingest/candidates.h"
#include "store/collection.h"

namespace elanus::ingest {

struct Examined {
  enum class What { unchanged, updated, known_content, embed, failed };
  What what = What::failed;
  Candidate candidate;
  std::optional<store::Record> before;    // the record that has this path now
  store::Picture picture;                 // what is to be stored
  std::vector<store::Record> same_content;  // known_content: who has these bytes already
  clip::PreparedImage image;              // embed
  std::optional<Error> error;             // failed
  bool replaced = false;                  // failed, and the file is not the one that `before` describes any more
};

// Thread-safety: examine() may run on many threads at once.
class Examiner {
 public:
  Examiner(const store::Collection& collection, const clip::Clip& clip, const Options& options)
      : collection_(collection), clip_(clip), options_(options) {}
  Examined examine(Candidate candidate) const;

 private:
  Result<Examined::What> look(Examined& file) const;
  Result<image::Image> decode(std::span<const std::byte> bytes) const;

  const store::Collection& collection_;
  const clip::Clip& clip_;
  const Options& options_;
  mutable std::mutex one_large_picture_;
};

}  // namespace elanus::ingest
