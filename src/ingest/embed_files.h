// The vectors of picture files that are in a collection already.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "ingest/ingest.h"

namespace elanus::ingest {

struct EmbeddedFiles {
  std::vector<size_t> which;   // of the paths: those that could be read, ascending
  std::vector<float> vectors;  // [which][dim]
  std::vector<Failure> failures;
};

// Reads and decodes on all threads of the pool, then embeds all at once: some tens of paths at a time. Of `options` it
// takes exact, max_pixels and max_file_bytes. An Error means that the model could not run.
Result<EmbeddedFiles> embed_files(const clip::Clip& clip, std::span<const std::string> paths, const Options& options,
                                  base::ThreadPool& pool);

}  // namespace elanus::ingest
