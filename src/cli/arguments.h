// From argv to a Command. The only file that knows the argument parser.
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "cli/options.h"

namespace elanus::cli {

struct ParseExit {
  int code = 0;
  std::string out, err;  // help or version; what is wrong with the call
};

// The command, or what to print and the exit code when there is none to run (--help, --version, a wrong call).
std::variant<Command, ParseExit> parse_arguments(int argc, const char* const* argv);

}  // namespace elanus::cli
