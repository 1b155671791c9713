#include "store_local/next_model.h"

#include <string>

#include "store/validate.h"
#include "store_local/format.h"
#include "store_local/highest_id.h"
#include "store_local/meta.h"

namespace elanus::store_local {
namespace {

constexpr const char* kForget =
    "DROP TABLE IF EXISTS vec_next; DELETE FROM meta WHERE key IN ('next_model_name', 'next_model_hash', "
    "'next_dim');";

constexpr const char* kWithout = " FROM image WHERE slot NOT IN (SELECT slot FROM vec_next)";

}  // namespace

Result<std::optional<NextModel>> read_next_model(Connection& connection) {
  const auto dim = TRY(read_meta_number(connection, "next_dim"));
  if (!dim) return std::optional<NextModel>();
  if (*dim < 1 || *dim > store::kMaxDim)
    return Error(ErrorKind::corrupt,
                 connection.path() + ": the next model's vectors have " + std::to_string(*dim) + " values");
  NextModel next{{TRY(read_meta(connection, "next_model_name")).value_or(""),
                  TRY(read_meta(connection, "next_model_hash")).value_or("")},
                 static_cast<uint32_t>(*dim),
                 0};
  next.embedded = static_cast<uint64_t>(
      TRY(connection.integer("SELECT count(*) FROM vec_next WHERE slot IN (SELECT slot FROM image)")));
  return std::optional(std::move(next));
}

Result<void> begin_next_model(Connection& connection, const store::ModelId& model, uint32_t dim) {
  Transaction transaction = TRY(Transaction::begin_write(connection));
  TRY(connection.execute(vec_table("vec_next").c_str()));
  TRY(write_meta(connection, "next_model_name", model.name));
  TRY(write_meta(connection, "next_model_hash", model.hash));
  TRY(write_meta(connection, "next_dim", std::to_string(dim)));
  return transaction.commit();
}

Result<void> drop_next_model(Connection& connection) {
  Transaction transaction = TRY(Transaction::begin_write(connection));
  TRY(connection.execute(kForget));
  return transaction.commit();
}

Result<uint64_t> count_without_next(Connection& connection) {
  return static_cast<uint64_t>(TRY(connection.integer(std::string("SELECT count(*)") + kWithout)));
}

Result<void> make_next_current(Connection& connection) {
  const auto next = TRY(read_next_model(connection));
  if (!next) return Error(ErrorKind::not_found, connection.path() + ": no model's vectors are on their way");
  TRY(remember_highest_id(connection));
  TRY(connection.execute((std::string("DELETE") + kWithout).c_str()));
  TRY(
      connection.execute("DELETE FROM vec_next WHERE slot NOT IN (SELECT slot FROM image); DROP TABLE vec; "
                         "ALTER TABLE vec_next RENAME TO vec"));
  TRY(write_meta(connection, "model_name", next->model.name));
  TRY(write_meta(connection, "model_hash", next->model.hash));
  TRY(write_meta(connection, "dim", std::to_string(next->dim)));
  return connection.execute(kForget);
}

}  // namespace elanus::store_local
