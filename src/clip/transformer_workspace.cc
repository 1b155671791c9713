#include "clip/transformer_workspace.h"

#include <algorithm>

namespace elanus::clip {
namespace {

constexpr size_t kQuantizedPixels = 448;  // few enough to stay in cache

}  // namespace

Result<Activations> Activations::allocate(const TransformerConfig& config, size_t capacity,
                                          size_t patch_values) {
  Activations a;
  a.sequences.reserve(capacity);
  struct Part {
    Rows* rows;
    size_t width;
  };
  const Part parts[] = {
      {&a.x, config.width},       {&a.h, config.width},       {&a.qkv, size_t{3} * config.width},
      {&a.mlp, config.mlp_width}, {&a.patches, patch_values}, {&a.px, config.width},
      {&a.ph, config.width},      {&a.pq, config.width}};
  size_t floats = 0;
  for (const Part& part : parts) floats += capacity * ops::row_stride(part.width);
  a.memory_ = TRY(ops::Buffer::allocate(floats * sizeof(float)));
  float* next = a.memory_.floats();
  for (const Part& part : parts) {
    *part.rows = {next, ops::row_stride(part.width)};
    next += capacity * part.rows->stride;
  }
  TRY(a.allocate_quantized(capacity, std::max({size_t{config.width}, size_t{config.mlp_width}, patch_values})));
  return a;
}

// Pages of it are only taken from the system when a quantised layer writes them.
Result<void> Activations::allocate_quantized(size_t rows, size_t values) {
  const size_t bytes = rows * QuantizedRows::stride(values);
  quantized_ = TRY(ops::Buffer::allocate(bytes + rows * sizeof(ops::RowScale)));
  quantized = {quantized_.data(), reinterpret_cast<ops::RowScale*>(quantized_.data() + bytes), rows};
  return {};
}

Result<Activations> Activations::allocate_maps(size_t map_floats, size_t unfolded_floats, size_t inputs) {
  Activations a;
  a.memory_ = TRY(ops::Buffer::allocate((a.maps.size() * map_floats + unfolded_floats) * sizeof(float)));
  a.patches = {a.memory_.floats(), 0};
  for (size_t i = 0; i < a.maps.size(); ++i)
    a.maps[i] = a.memory_.floats() + unfolded_floats + i * map_floats;
  TRY(a.allocate_quantized(kQuantizedPixels, inputs));
  return a;
}

Result<Workspace> Workspace::allocate(const ops::Kernels& kernels, const TransformerConfig& config,
                                      unsigned workers, size_t capacity, size_t longest_sequence,
                                      size_t patch_values) {
  Workspace workspace;
  const size_t scratch =
      std::max(kernels.matmul_scratch, kernels.attention_scratch(longest_sequence, config.head_dim()));
  for (unsigned worker = 0; worker < workers; ++worker) {
    workspace.activations.push_back(TRY(Activations::allocate(config, capacity, patch_values)));
    workspace.scratch.push_back(TRY(ops::Buffer::allocate(scratch * sizeof(float))));
  }
  return workspace;
}

}  // namespace elanus::clip
