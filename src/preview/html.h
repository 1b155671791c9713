// A table of words and pictures as one HTML page that needs no other file.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "preview/strip.h"

namespace elanus::preview {

struct Cell {
  std::string text;
  std::vector<Shown> pictures;
};

// One table row for each of `rows`, whose cells are as many as the columns.
Result<std::string> html_page(std::string_view title, std::span<const std::string> columns,
                              std::span<const std::vector<Cell>> rows);

}  // namespace elanus::preview
