// How exactly a model's weights and activations are kept: docs/decisions/quantisation.md has what each class
// costs and saves.
#pragma once
#include <optional>
#include <string_view>

#include "base/result.h"
#include "ops/quantized.h"

namespace elanus::clip {

enum class Precision {
  exact,  // f16 weights (f32 where f16 would lose something), f32 activations: cosine >= 0.999999 to the
          // reference
  fast,   // 10-bit weights, 16-bit activations: cosine to exact >= 0.9999 (measured: 0.99997 at least)
  turbo   // 7-bit weights, 8-bit activations: measure it on your pictures first
};

// "exact", "fast", "turbo".
const char* to_string(Precision precision);
// invalid_argument for any other name.
Result<Precision> parse_precision(std::string_view name);

// Nothing for exact.
std::optional<ops::Quantization> quantization(Precision precision);

}  // namespace elanus::clip
