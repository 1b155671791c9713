// Zip archives, of which only entries that are stored, not compressed, are read: torch.save and
// torch.jit.save store tensors, so that they can be mapped where they lie. Source: PKWARE's APPNOTE 6.3,
// sections 4.3 and 4.5.
#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::io {

struct ZipEntry {
  // As they lie in the file, of which this is a view: valid as long as the parsed bytes.
  std::span<const std::byte> bytes;
  bool stored = true;  // else compressed or encrypted
};
using ZipEntries = std::map<std::string, ZipEntry, std::less<>>;  // by name

// Reads the central directory (zip64 too) and each entry's local header; no content, so no checksum is
// verified. corrupt: no zip, cut off, an entry outside the file, a name twice. Thread-safety: pure.
Result<ZipEntries> parse_zip(std::span<const std::byte> bytes, const std::string& what);

// The content of an entry. not_found; unsupported when it is not stored.
Result<std::span<const std::byte>> stored(const ZipEntries& entries, std::string_view name,
                                          const std::string& what);

}  // namespace elanus::io
