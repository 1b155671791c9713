#include "store/metric.h"

#include <string>

namespace elanus::store {

const char* to_string(Metric metric) {
  switch (metric) {
    case Metric::cosine:
      return "cosine";
    case Metric::ip:
      return "ip";
    case Metric::l2:
      return "l2";
  }
  return "cosine";
}

Result<Metric> parse_metric(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const Metric metric : {Metric::cosine, Metric::ip, Metric::l2})
    if (lower == to_string(metric)) return metric;
  return Error(ErrorKind::invalid_argument,
               "unknown metric \"" + std::string(name) + "\", expected cosine, ip or l2");
}

}  // namespace elanus::store
