#include "store/effort.h"

#include <string>

namespace elanus::store {

const char* to_string(Effort effort) {
  switch (effort) {
    case Effort::fast:
      return "fast";
    case Effort::balanced:
      return "balanced";
    case Effort::exact:
      return "exact";
  }
  return "balanced";
}

Result<Effort> parse_effort(std::string_view name) {
  for (const Effort effort : {Effort::fast, Effort::balanced, Effort::exact})
    if (name == to_string(effort)) return effort;
  return base::invalid_argument("unknown effort \"" + std::string(name) +
                                "\", expected fast, balanced or exact");
}

}  // namespace elanus::store
