// OpenAI's code and open_clip name a model's tensors alike, transformers otherwise. The towers know
// transformers' names; this is the way from one to the other. Source of the correspondence: transformers,
// models/clip/convert_clip_original_pytorch_to_hf.py.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "io/safetensors.h"

namespace elanus::clip {

// Memory of the tensors that are not in the file as they are needed.
using Derived = std::vector<std::vector<std::byte>>;

// The tensors under transformers' names: stacked query, key and value weights as three, projections
// transposed (a copy, added to `derived`). A ModifiedResNet, which transformers has not, keeps its names
// ("visual.layer1.0.conv1.weight"). A checkpoint from training ("module.", "text.") is understood.
// What has no counterpart is left out when it is no weight of the towers (the logits' scale, integers that
// repeat the shapes); anything else is unsupported, named, because without it the result would be another.
// corrupt for a stacked weight that is not three.
Result<io::TensorMap> with_transformers_names(const io::TensorMap& tensors, Derived& derived,
                                              const std::string& what);

}  // namespace elanus::clip
