// A table of words and pictures for a terminal.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "preview/html.h"
#include "preview/terminal.h"

namespace elanus::preview {

// What to print. Words are cut at 40 cells a column; pictures stand in rows as wide as the terminal allows.
Result<std::string> table_text(std::span<const std::string> columns, std::span<const std::vector<Cell>> rows,
                               const Terminal& terminal);

}  // namespace elanus::preview
