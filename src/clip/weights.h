// One layer's weights in the precision that was asked for: from the packed file, or packed now and kept for
// it.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/transformer_weights.h"

namespace elanus::clip {

// A layer as the checkpoint has it. The reader keeps nothing but what outlives the load.
struct Unpacked {
  ops::RowReader rows;
  std::vector<float> bias;  // one for each output, or none
};

// `read` is called when no packed file has the layer. n outputs of k inputs; `name` names it in the packed
// file and in errors.
Result<Weights> weights_from(const WeightSource& source, const std::string& name, size_t n, size_t k,
                             const std::function<Result<Unpacked>()>& read);

}  // namespace elanus::clip
