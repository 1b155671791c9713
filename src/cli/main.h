// cli: the `elanus` program. The only room that opens stores by URI, prints, and knows exit codes.
#pragma once

namespace elanus::cli {

// Exit codes: what a script can rely on.
enum Exit : int {
  kDone = 0,         // done
  kIncomplete = 1,   // nothing found, or some pictures failed (each is named)
  kWrongCall = 2,    // the command line makes no sense
  kFailed = 3,       // the command could not be carried out
  kInterrupted = 130,  // Ctrl-C or SIGTERM; what was acknowledged is kept
};

// Runs one command and returns its exit code.
int main(int argc, char** argv);

}  // namespace elanus::cli
