// How a batch of texts or pictures is cut between the workers of a pool.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace elanus::clip {

struct Batches {
  // Items [begin, end) of each group, in order, without gaps.
  struct Group {
    size_t begin, end;
  };
  std::vector<Group> groups;
  bool whole_groups =
      false;  // each group on one worker; else all workers on each group, one group after the other
};

// rows[i] <= capacity is how many rows of activations item i needs; no group has more than `capacity`
// together. Whole groups need no waiting between the steps of a pass, but they only pay once each worker has
// enough rows to use a weight more than once per read.
//
// Overwrites `plan`, whose memory is used again.
void plan_batches(std::span<const size_t> rows, size_t capacity, size_t workers, Batches& plan);

}  // namespace elanus::clip
