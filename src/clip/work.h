// How much there is to do for one input: what the best possible time follows from.
#pragma once
#include <cstddef>
#include <cstdint>

#include "clip/config.h"

namespace elanus::clip {

struct Work {
  double flops = 0;            // multiply-adds of matrices and attention, each counted as two
  double attention_flops = 0;  // those of them that are attention, which every precision computes in floats
  double weight_bytes = 0;     // that must be read at least once, at two bytes a weight
};

// A text of `tokens` tokens, start and end included; one picture. As the towers do it: only what leads to the
// pooled row.
Work work_per_text(const ModelConfig& config, size_t tokens);
Work work_per_picture(const ModelConfig& config);

}  // namespace elanus::clip
