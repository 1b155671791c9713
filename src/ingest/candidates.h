// What there is to index: the files below the roots and the rows of the CSV, each path once.
#pragma once
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "ingest/ingest.h"

namespace elanus::ingest {

struct Candidate {
  FoundFile file;
  std::string root;            // the root or CSV that named it
  std::optional<int64_t> id;   // the CSV's
  bool from_csv = false;       // label and attributes are the CSV's say
  std::string label;
  std::string attributes;      // JSON object, or empty
};

struct Candidates {
  std::vector<Candidate> files;
  std::vector<std::string> roots;  // the folders that were read whole: what is missing below them is gone
  std::string csv;                              // the CSV's path as records keep it; empty when there is none
  std::unordered_set<std::string> named_by_csv;  // every path that stands in it, readable or not
  std::vector<Failure> failures;
  std::vector<std::string> notices;
};

// Never fails for a single path; a root that cannot be read is a failure of its own and removes nothing. An Error is a
// CSV that cannot be read as one.
Result<Candidates> list_candidates(const Options& options);

}  // namespace elanus::ingest
