// Checksums by which published files are known.
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::io {

// SHA-256 as its 32 bytes.
std::string sha256(std::string_view bytes);

// SHA-256 of a whole file in 64 lower-case hex digits.
Result<std::string> sha256_of_file(const std::filesystem::path& path);

// The name that git has for a file's content (SHA-1 of "blob <size>\0" and the content), 40 lower-case hex
// digits.
Result<std::string> git_blob_id(const std::filesystem::path& path);

// Whether the file is what `digest`, a SHA-256 or a git blob id, says. invalid_argument for anything else.
Result<bool> has_digest(const std::filesystem::path& path, const std::string& digest);

// 64 or 40 hex digits.
bool is_digest(const std::string& text);

}  // namespace elanus::io
