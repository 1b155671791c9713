// ingest: folders and CSV files into a collection. Unchanged files are not touched, changed ones are embedded again,
// files that moved keep their id and vector, files that are gone are removed, and a file that cannot be read is reported
// with its reason and shifts nothing.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"
#include "ingest/walk.h"
#include "store/collection.h"

namespace elanus::ingest {

struct Progress {
  uint64_t done = 0, total = 0;  // files examined, files found
  uint64_t embedded = 0, failed = 0;
};

struct Options {
  std::vector<std::filesystem::path> roots;  // folders or files
  // Columns `id` (integer, kept), `path` (relative to the CSV's folder) and `label`; other columns become attributes.
  // Only `path` is required.
  std::optional<std::filesystem::path> csv;
  WalkOptions walk;
  bool exact = false;                 // decode JPEGs whole instead of scaled: slower, at most 4 grey levels apart
  uint64_t max_pixels = 100'000'000;  // a picture that declares more is reported and skipped
  uint64_t max_file_bytes = uint64_t{1} << 29;
  unsigned decoders = 0;              // threads that read and decode; 0: one per CPU
  size_t batch = 32;                  // pictures embedded and committed together
  // Drop records whose file is gone from below a root, whose row is gone from the CSV, and whose file was replaced by one
  // that cannot be read as a picture.
  bool remove_missing = true;
  std::stop_token stop;               // ends the run after the batch at hand, with what is done kept
  std::function<void(const Progress&)> progress;  // called on the calling thread, after each file
};

struct Failure {
  std::string path;
  std::string reason;
  ErrorKind kind = ErrorKind::io;
};

struct Report {
  uint64_t found = 0;      // picture files seen
  uint64_t unchanged = 0;
  uint64_t added = 0;      // new, embedded
  uint64_t changed = 0;    // same path, new content, embedded again
  uint64_t copied = 0;     // new path, content known: vector taken over, not embedded
  uint64_t moved = 0;      // known content at a new path, the old file is gone: id and vector kept
  uint64_t updated = 0;    // same content, other time, label or attributes
  uint64_t removed = 0;
  std::vector<Failure> failures;     // in the order of the files
  std::vector<std::string> notices;  // kept although missing (an unplugged drive), for instance
  bool stopped = false;
};

// Every batch is durable before the next begins, so a killed run loses at most the batch at hand and running it again
// goes on from there; ids are given in the order of the files, so the end state is the same. An Error means that the
// run could not go on (disk full, store damaged); single pictures never are an Error. mismatch: the collection was made
// by another model.
Result<Report> ingest(store::Collection& collection, const clip::Clip& clip, const Options& options);

}  // namespace elanus::ingest
