// Rows of library.db that are not what was written.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store_local/format.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

struct DamagedRow {
  int64_t slot = 0;
  std::string path;  // of the picture, as far as it can be read
};

struct DamagedRows {
  std::vector<DamagedRow> vectors;  // missing, of a wrong length, or with a wrong sum; ascending by slot
  std::vector<DamagedRow> records;  // with a wrong sum, their vectors being sound
};

// Reads all rows. Before there were checksums only lengths tell.
Result<DamagedRows> find_damaged_rows(Connection& connection, uint32_t dim);

// Puts the vectors of these slots back from library.idx, as far as it belongs to this database and has them
// sound. Returns the slots, ascending. Inside a write transaction.
Result<std::vector<int64_t>> restore_vectors(Connection& connection, const Files& files,
                                             const Identity& identity, std::span<const DamagedRow> rows);

// The record and the vector of a slot.
Result<void> remove_row(Connection& connection, int64_t slot);

}  // namespace elanus::store_local
