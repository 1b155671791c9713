#include "cli/main.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace elanus::cli {

namespace {

// What other users see of this process (ps) has no password in it: everything between // and @ is overwritten.
void hide_credentials(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const size_t begin = argument.find("milvus://");
    if (begin == std::string_view::npos) continue;
    const std::string_view rest = argument.substr(begin + 9);
    if (const size_t end = rest.rfind('@'); end != std::string_view::npos) std::fill_n(argv[i] + begin + 9, end, '*');
  }
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away (| head) ends the output, not the program with a signal in the middle of a write.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const auto parsed = parse_arguments(argc, argv);
    hide_credentials(argc, argv);
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
