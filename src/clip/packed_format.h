// The bytes of a packed file's head and table; docs/formats/packed.md is the document.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "clip/packed_file.h"

namespace elanus::clip {

// Little-endian. Entries follow, each at a multiple of kPackedAlignment; then the table, as JSON.
struct PackedHead {
  char magic[8];  // "elanusPK"
  uint32_t format;
  uint32_t reserved;  // 0
  uint64_t file_bytes;
  uint64_t table_at, table_bytes, table_sum;
  uint64_t unused;    // 0
  uint64_t head_sum;  // of all before it
};
static_assert(sizeof(PackedHead) == 64);

inline constexpr size_t kPackedAlignment = 64;

std::string packed_table_json(const PackedTable& table);
Result<PackedTable> parse_packed_table(std::string_view json, const std::string& what);
PackedHead packed_head(uint64_t table_at, std::string_view table);

}  // namespace elanus::clip
