#include "cli/main.h"

namespace elanus::cli {
int main(int, char**) { return kDone; }
}  // namespace elanus::cli
