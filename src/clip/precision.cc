#include "clip/precision.h"

#include <string>

namespace elanus::clip {

const char* to_string(Precision precision) {
  switch (precision) {
    case Precision::exact:
      return "exact";
    case Precision::fast:
      return "fast";
    case Precision::turbo:
      return "turbo";
  }
  return "exact";
}

Result<Precision> parse_precision(std::string_view name) {
  for (const Precision precision : {Precision::exact, Precision::fast, Precision::turbo})
    if (name == to_string(precision)) return precision;
  return Error(ErrorKind::invalid_argument,
               "unknown precision \"" + std::string(name) + "\": expected exact, fast or turbo");
}

std::optional<ops::Quantization> quantization(Precision precision) {
  switch (precision) {
    case Precision::exact:
      break;
    case Precision::fast:
      return ops::Quantization::w10a16;
    case Precision::turbo:
      return ops::Quantization::w7a8;
  }
  return std::nullopt;
}

}  // namespace elanus::clip
