// The files of torch.save (since torch 1.6) and torch.jit.save: a zip of a pickle and of the tensors' bytes.
// Reads tensors and nothing else: no code of the archive is run, and a pickle that names any class but those
// of tensors and containers is refused by that name.
#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"
#include "io/safetensors.h"

namespace elanus::io {

struct TorchArchive {
  // By their path of keys and attributes, "visual.conv1.weight". Of a training checkpoint with a
  // "state_dict", the tensors in it. Views into the parsed bytes.
  TensorMap tensors;
  bool script = false;  // torch.jit.save: modules with code, as OpenAI published CLIP
};

// `what` names the source in errors. corrupt: no zip, a damaged pickle, a tensor beyond its storage;
// unsupported: the older format without a zip, a compressed entry, a class that is no tensor's, a big-endian
// archive, a tensor that does not lie in row-major order. Thread-safety: pure.
Result<TorchArchive> parse_torch_archive(std::span<const std::byte> bytes, const std::string& what);

}  // namespace elanus::io
