// Text as a terminal shows it.
#pragma once
#include <string>
#include <string_view>

namespace elanus::preview {

// On one line and harmless: control characters and bytes that are not UTF-8 as \xHH.
std::string printable(std::string_view text);

// How many cells `text`, which is printable, takes: wide characters two, combining ones none.
unsigned cell_width(std::string_view text);

// `text`, which is printable, cut or padded with blanks to exactly `cells` cells; a cut shows as "…".
std::string padded(std::string_view text, unsigned cells);

}  // namespace elanus::preview
