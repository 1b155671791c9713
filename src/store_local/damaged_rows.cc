#include "store_local/damaged_rows.h"

#include <algorithm>

#include "store_local/highest_id.h"
#include "store_local/index_file.h"
#include "store_local/rows.h"

namespace elanus::store_local {
namespace {

Result<std::vector<DamagedRow>> rows_where(Connection& connection, const std::string& condition,
                                           uint32_t dim) {
  Statement select = TRY(connection.prepare("SELECT slot, path FROM image LEFT JOIN vec USING (slot) WHERE " +
                                            condition + " ORDER BY slot"));
  select.bind(1, 2 * int64_t{dim});
  std::vector<DamagedRow> rows;
  while (TRY(select.step())) rows.push_back({select.integer(0), std::string(select.bytes(1))});
  return rows;
}

}  // namespace

Result<DamagedRows> find_damaged_rows(Connection& connection, uint32_t dim) {
  const std::string lost = "(v IS NULL OR length(v) <> ?)";
  if (TRY(read_format(connection)) < kSummedFormat)
    return DamagedRows{TRY(rows_where(connection, lost, dim)), {}};
  const std::string bad_vector =
      "(v IS NULL OR length(v) <> ?1 OR vec.sum <> " + std::string(kVectorSum) + ")";
  return DamagedRows{
      TRY(rows_where(connection, bad_vector, dim)),
      TRY(rows_where(connection, "NOT " + bad_vector + " AND image.sum <> " + kRecordSum, dim))};
}

Result<std::vector<int64_t>> restore_vectors(Connection& connection, const Files& files,
                                             const Identity& identity, std::span<const DamagedRow> rows) {
  std::vector<int64_t> restored;
  const auto index = map_index(files, identity, TRY(History::read(connection)), nullptr);
  if (!index) return restored;
  const uint32_t dim = identity.schema.dim;
  Statement put = TRY(connection.prepare("INSERT OR REPLACE INTO vec(slot, v, sum) VALUES(?, ?, ?)"));
  for (size_t i = 0; i < index->image.segments.size(); ++i) {
    const Segment& segment = index->image.segments[i];
    for (const DamagedRow& wanted : rows) {
      const auto found = std::lower_bound(segment.slots.begin(), segment.slots.end(), wanted.slot);
      if (found == segment.slots.end() || *found != wanted.slot) continue;
      const auto at = static_cast<size_t>(found - segment.slots.begin());
      if (!row_is_sound(segment, at)) continue;
      std::vector<uint16_t> row(segment.values.begin() + static_cast<ptrdiff_t>(at * dim),
                                segment.values.begin() + static_cast<ptrdiff_t>((at + 1) * dim));
      const std::string_view blob = encode_row(row);
      TRY(put.bind(1, wanted.slot).bind_blob(2, blob).bind(3, row_sum(blob)).run());
      restored.push_back(wanted.slot);
    }
  }
  std::sort(restored.begin(), restored.end());
  return restored;
}

Result<void> remove_row(Connection& connection, int64_t slot) {
  TRY(remember_highest_id(connection));
  for (const char* table : {"image", "vec"}) {
    Statement gone = TRY(connection.prepare("DELETE FROM " + std::string(table) + " WHERE slot = ?"));
    TRY(gone.bind(1, slot).run());
  }
  return {};
}

}  // namespace elanus::store_local
