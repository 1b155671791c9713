#include "store_local/rows.h"

#include <bit>
#include <cstring>
#include <string>
#include <vector>

namespace elanus::store_local {

void encode_row(std::span<uint16_t> row) {
  if constexpr (std::endian::native == std::endian::big)
    for (uint16_t& half : row) half = static_cast<uint16_t>(half << 8 | half >> 8);
}

bool decode_row(std::string_view blob, std::span<uint16_t> row) {
  if (blob.size() != row.size_bytes()) return false;
  std::memcpy(row.data(), blob.data(), blob.size());
  encode_row(row);
  return true;
}

Result<void> read_rows(Connection& connection, uint32_t dim, int64_t after, int64_t last,
                       const std::function<void(int64_t, int64_t, std::span<const uint16_t>)>& take) {
  // CROSS JOIN: in the order of vec, whatever the planner thinks.
  Statement select =
      TRY(connection.prepare("SELECT vec.slot, image.id, vec.v FROM vec CROSS JOIN image USING (slot) "
                             "WHERE vec.slot > ? AND vec.slot <= ? ORDER BY vec.slot"));
  select.bind(1, after).bind(2, last);
  std::vector<uint16_t> row(dim);
  while (TRY(select.step())) {
    const std::string_view blob = select.bytes(2);
    if (!decode_row(blob, row))
      return Error(ErrorKind::corrupt, connection.path() + ": the vector of slot " +
                                           std::to_string(select.integer(0)) + " has " +
                                           std::to_string(blob.size()) + " bytes, expected " +
                                           std::to_string(row.size() * sizeof(uint16_t)));
    take(select.integer(0), select.integer(1), row);
  }
  return {};
}

}  // namespace elanus::store_local
