// A contact sheet: the hits as one picture file, best first, left to right and top to bottom.
#pragma once
#include <filesystem>
#include <span>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::cli {

// Writes a PNG. A hit whose file cannot be read leaves its place empty and is told to the user.
Result<void> write_contact_sheet(std::span<const store::Hit> hits, const std::filesystem::path& file);

}  // namespace elanus::cli
