// Pictures in any terminal with 24-bit colour: two pixels per character cell, an upper half block over a background.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "image/image.h"
#include "store/collection.h"

namespace elanus::cli {

// The picture scaled to fit `columns` x `rows` cells, as `rows` lines of exactly `columns` cells each (centred).
Result<std::vector<std::string>> render_blocks(const image::Image& picture, unsigned columns, unsigned rows);

// The hits side by side as far as the terminal is wide, each with its cosine and file name, to stdout.
void print_picture_grid(std::span<const store::Hit> hits);

}  // namespace elanus::cli
