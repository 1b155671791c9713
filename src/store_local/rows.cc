#include "store_local/rows.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <vector>

#include "io/file.h"
#include "store_local/format.h"

namespace elanus::store_local {
namespace {

Error wrong_length(const Connection& connection, int64_t slot, size_t bytes, size_t expected) {
  return {ErrorKind::corrupt, connection.path() + ": the vector of slot " + std::to_string(slot) + " has " +
                                  std::to_string(bytes) + " bytes, expected " + std::to_string(expected)};
}

Error not_as_written(const Connection& connection, int64_t slot) {
  return {ErrorKind::corrupt,
          connection.path() + ": the vector of slot " + std::to_string(slot) +
              " is damaged; elanus doctor --repair names its picture and mends what it can"};
}

// The vector in two columns of a row: the blob and its sum, which is null where a format has none.
Result<void> read_vector(const Connection& connection, const Statement& row, int column, int64_t slot,
                         std::span<uint16_t> values) {
  const std::string_view blob = row.bytes(column);
  if (!decode_row(blob, values)) return wrong_length(connection, slot, blob.size(), values.size_bytes());
  if (!row.is_null(column + 1) && row.integer(column + 1) != row_sum(blob))
    return not_as_written(connection, slot);
  return {};
}

Result<std::string> sum_column(Connection& connection) {
  return std::string(TRY(read_format(connection)) < kSummedFormat ? "NULL" : "vec.sum");
}

// In the order of read_known.
Result<std::string> known_columns(Connection& connection) {
  const bool dated = TRY(read_format(connection)) >= 2;
  return std::string("size, mtime_ns, width, height, label, path, ") +
         (dated ? "captured_s, camera" : "0, ''");
}

void read_known(const Statement& row, int column, store::Picture& known) {
  known.size = row.integer(column);
  known.mtime_ns = row.integer(column + 1);
  known.width = static_cast<uint32_t>(row.integer(column + 2));
  known.height = static_cast<uint32_t>(row.integer(column + 3));
  known.label = row.bytes(column + 4);
  known.path = row.bytes(column + 5);
  known.captured_s = row.integer(column + 6);
  known.camera = row.bytes(column + 7);
}

// And back.
void to_little_endian(std::span<uint16_t> row) {
  if constexpr (std::endian::native == std::endian::big)
    for (uint16_t& half : row) half = static_cast<uint16_t>(half << 8 | half >> 8);
}

}  // namespace

int64_t row_sum(std::string_view blob) {
  return static_cast<int64_t>(io::checksum(std::as_bytes(std::span(blob))));
}

std::string_view encode_row(std::span<uint16_t> row) {
  to_little_endian(row);
  return {reinterpret_cast<const char*>(row.data()), row.size_bytes()};
}

bool decode_row(std::string_view blob, std::span<uint16_t> row) {
  if (blob.size() != row.size_bytes()) return false;
  std::memcpy(row.data(), blob.data(), blob.size());
  to_little_endian(row);
  return true;
}

Result<void> read_rows(Connection& connection, uint32_t dim, int64_t after, int64_t last,
                       const std::function<void(const StoredRow&)>& take) {
  // CROSS JOIN: in the order of vec, whatever the planner thinks.
  Statement select = TRY(connection.prepare(
      "SELECT vec.slot, image.id, vec.v, " + TRY(sum_column(connection)) + ", " +
      TRY(known_columns(connection)) +
      " FROM vec CROSS JOIN image USING (slot) WHERE vec.slot > ? AND vec.slot <= ? ORDER BY vec.slot"));
  select.bind(1, after).bind(2, last);
  std::vector<uint16_t> row(dim);
  store::Picture known;
  while (TRY(select.step())) {
    TRY(read_vector(connection, select, 2, select.integer(0), row));
    read_known(select, 4, known);
    take({select.integer(0), select.integer(1), row, known});
  }
  return {};
}

Result<void> read_touched(Connection& connection, int64_t after, int64_t last,
                          const std::function<void(int64_t, const store::Picture&)>& take) {
  TRY(check_touched(connection, after, last));
  Statement select = TRY(
      connection.prepare("SELECT slot, " + TRY(known_columns(connection)) +
                         " FROM image WHERE slot IN (SELECT slot FROM touched WHERE seq > ? AND seq <= ?)"));
  select.bind(1, after).bind(2, last);
  store::Picture known;
  while (TRY(select.step())) {
    read_known(select, 1, known);
    take(select.integer(0), known);
  }
  return {};
}

Result<std::vector<uint16_t>> sample_rows(Connection& connection, uint32_t dim, int64_t last, size_t n) {
  Statement select = TRY(connection.prepare("SELECT slot, v, " + TRY(sum_column(connection)) +
                                            " FROM vec WHERE slot > ? AND slot <= ? ORDER BY slot LIMIT 1"));
  std::vector<uint16_t> rows;
  std::vector<uint16_t> row(dim);
  int64_t after = 0;
  for (size_t i = 0; i < n && after < last; ++i) {
    const auto from =
        static_cast<int64_t>(static_cast<double>(last) * static_cast<double>(i) / static_cast<double>(n));
    select.bind(1, std::max(after, from)).bind(2, last);
    if (!TRY(select.step())) break;
    after = select.integer(0);
    TRY(read_vector(connection, select, 1, after, row));
    rows.insert(rows.end(), row.begin(), row.end());
    select.reset();
  }
  return rows;
}

}  // namespace elanus::store_local
