#include "cli/main.h"

#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace elanus::cli {

int main(int argc, char** argv) {
  // A reader that goes away (| head) ends the output, not the program with a signal in the middle of a write.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const auto parsed = parse_arguments(argc, argv);
    if (const auto* exit = std::get_if<ParseExit>(&parsed)) {
      std::fputs(exit->out.c_str(), stdout);
      std::fputs(exit->err.c_str(), stderr);
      return exit->code;
    }
    const int code = std::visit([](const auto& options) { return run(options); }, std::get<Command>(parsed));
    if (std::fflush(stdout) != 0 && code == kDone) return fail(base::errno_error("cannot write the output", errno));
    return code;
  } catch (const std::bad_alloc&) {
    say("elanus: out of memory");
  } catch (const std::exception& error) {
    say(std::string("elanus: this is a defect of the program: ") + error.what());
  }
  return kFailed;
}

}  // namespace elanus::cli
