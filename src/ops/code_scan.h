// The scan of 1-bit codes: for 32 rows at a time, a bound on each row's score from table look-ups, and the
// rows whose bound reaches a threshold. What the codes mean is index's (index/codes.h).
//
// The functions here are static, because files for one instruction set include them (see kernels_avx2.cc).
//
// A block is 32 rows: byte j of all 32 codes side by side, for j = 0 .. bytes - 1, then 32 floats `factor`
// and 32 floats `along`. So one 16-entry table look-up instruction serves four dimensions of 16, 32 or 64
// rows (Andre, Kermarrec, Le Scouarnec: Cache locality is not enough, VLDB 2015).
#pragma once
#include <cstddef>
#include <cstdint>

namespace elanus::ops {

constexpr size_t kBlockRows = 32;
constexpr size_t kBlockTail = 2 * kBlockRows * sizeof(float);
// Entries of a look-up table: eight of them add up in a byte.
constexpr uint8_t kMaxTableEntry = 31;
// Longest code: the sum of all look-ups stays within 16 bits.
constexpr size_t kMaxCodeBytes = 1024;

static constexpr size_t block_bytes(size_t code_bytes) { return code_bytes * kBlockRows + kBlockTail; }

// Where the table of a nibble is: of byte j of a code, the lower or the upper four bits. Each table has 16
// entries and stands there twice, so that loads of 16, 32 and 64 bytes all find what they need.
static constexpr size_t table_offset(size_t j, bool upper) {
  return j / 2 * 128 + (upper ? 64 : 0) + j % 2 * 32;
}
static constexpr size_t table_bytes(size_t code_bytes) { return code_bytes * 64; }

// bound(row) = factor * (scale * sum + offset) + along * slope, sum being that of all look-ups of the row's
// code.
struct CodeQuery {
  const uint8_t* tables;  // table_bytes(code_bytes), aligned to 64 bytes, entries <= kMaxTableEntry
  size_t code_bytes;      // a multiple of 8, at most kMaxCodeBytes
  float scale, offset, slope;
};

struct BoundedRow {
  uint32_t row;  // from the first block on
  float bound;
};

enum class ScanLevel { portable, neon, ssse3, avx2, avx512 };

// "portable", "neon", "ssse3", "avx2", "avx512".
const char* to_string(ScanLevel level);
bool supports(ScanLevel level);

// All levels give the same bits. No allocation, no alignment asked of the blocks, thread-safe.
struct ScanKernels {
  ScanLevel level;
  // The sums of one block's 32 rows.
  void (*sums)(const uint8_t* block, const CodeQuery& query, uint16_t* out);
  // Rows whose bound is at least `threshold`, ascending; `out` has room for 32 each block. `alive`, if not
  // null, has bit i of word b for row i of block b: other rows are passed over. Returns how many.
  size_t (*scan)(const uint8_t* blocks, size_t count, const CodeQuery& query, float threshold,
                 const uint32_t* alive, BoundedRow* out);
};

// The table of a level that this machine supports (checked: an unsupported level gives the best supported
// one).
const ScanKernels& scan_kernels(ScanLevel level);
// The best table for this machine.
const ScanKernels& scan_kernels();

}  // namespace elanus::ops
