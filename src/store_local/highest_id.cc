#include "store_local/highest_id.h"

#include <algorithm>
#include <string>

#include "store_local/meta.h"

namespace elanus::store_local {
namespace {

// Of the records that were removed, and of some that are there; written only when records go, so that
// inserting costs nothing.
constexpr const char* kRemembered = "highest_id";

Result<std::optional<int64_t>> highest_there(Connection& connection) {
  StatementUse use(*TRY(connection.kept("SELECT id FROM image ORDER BY id DESC LIMIT 1")));
  if (!TRY(use->step())) return std::optional<int64_t>();
  return std::optional(use->integer(0));
}

}  // namespace

Result<std::optional<int64_t>> highest_id(Connection& connection) {
  const auto there = TRY(highest_there(connection));
  const auto remembered = TRY(read_meta_number(connection, kRemembered));
  return std::max(there, remembered);
}

Result<void> remember_highest_id(Connection& connection) {
  const auto there = TRY(highest_there(connection));
  if (!there || there <= TRY(read_meta_number(connection, kRemembered))) return {};
  return write_meta(connection, kRemembered, std::to_string(*there));
}

Result<void> carry_highest_id(Connection& from, Connection& to) {
  const auto remembered = read_meta_number(from, kRemembered);
  if (!remembered.ok() || !*remembered) return {};
  return write_meta(to, kRemembered, std::to_string(**remembered));
}

}  // namespace elanus::store_local
