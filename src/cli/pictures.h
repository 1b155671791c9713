// Hits as pictures in the terminal.
#pragma once
#include <span>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::cli {

// The hits side by side as far as the terminal is wide, each with its cosine and file name, to stdout. A hit
// whose file cannot be read leaves its place empty and says why.
Result<void> print_pictures(std::span<const store::Hit> hits);

}  // namespace elanus::cli
