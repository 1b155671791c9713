#include <cstdlib>
#include <cstring>

#include "clip/packed_format.h"

// The input as a whole file, and as the table of one whose checksums are right.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace elanus::clip;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_packed(std::as_bytes(std::span(text)), "fuzz");

  std::string file(4096, 'x');
  const PackedHead head = packed_head(file.size(), text);
  std::memcpy(file.data(), &head, sizeof head);
  file += text;
  const auto table = parse_packed(std::as_bytes(std::span(file)), "fuzz");
  if (!table.ok()) return 0;
  for (const auto& [name, entry] : table->entries)
    if (!entry.file && (entry.at > 4096 || entry.bytes > 4096 - entry.at)) std::abort();
  const auto again = parse_packed_table(packed_table_json(*table), "again");
  if (!again.ok() || again->entries.size() != table->entries.size() ||
      again->header.files != table->header.files)
    std::abort();
  return 0;
}
