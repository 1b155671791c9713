#include "store_local/next_model.h"

#include <charconv>
#include <string>

#include "store/validate.h"
#include "store_local/format.h"

namespace elanus::store_local {
namespace {

Result<std::string> meta_text(Connection& connection, std::string_view key) {
  StatementUse use(*TRY(connection.kept("SELECT value FROM meta WHERE key = ?")));
  use->bind_text(1, key);
  if (!TRY(use->step())) return std::string();
  return std::string(use->bytes(0));
}

Result<void> put_meta(Connection& connection, std::string_view key, const std::string& value) {
  StatementUse use(*TRY(connection.kept("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)")));
  return use->bind_text(1, key).bind_text(2, value).run();
}

constexpr const char* kForget =
    "DROP TABLE IF EXISTS vec_next; DELETE FROM meta WHERE key IN ('next_model_name', 'next_model_hash', "
    "'next_dim');";

constexpr const char* kWithout = " FROM image WHERE slot NOT IN (SELECT slot FROM vec_next)";

}  // namespace

Result<std::optional<NextModel>> read_next_model(Connection& connection) {
  const std::string dim = TRY(meta_text(connection, "next_dim"));
  if (dim.empty()) return std::optional<NextModel>();
  NextModel next{
      {TRY(meta_text(connection, "next_model_name")), TRY(meta_text(connection, "next_model_hash"))}, 0, 0};
  const auto [end, fault] = std::from_chars(dim.data(), dim.data() + dim.size(), next.dim);
  if (fault != std::errc() || end != dim.data() + dim.size() || next.dim < 1 || next.dim > store::kMaxDim)
    return Error(ErrorKind::corrupt,
                 connection.path() + ": the next model's vectors have '" + dim + "' values");
  next.embedded = static_cast<uint64_t>(
      TRY(connection.integer("SELECT count(*) FROM vec_next WHERE slot IN (SELECT slot FROM image)")));
  return std::optional(std::move(next));
}

Result<void> begin_next_model(Connection& connection, const store::ModelId& model, uint32_t dim) {
  Transaction transaction = TRY(Transaction::begin_write(connection));
  TRY(connection.execute(vec_table("vec_next").c_str()));
  TRY(put_meta(connection, "next_model_name", model.name));
  TRY(put_meta(connection, "next_model_hash", model.hash));
  TRY(put_meta(connection, "next_dim", std::to_string(dim)));
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
  TRY(connection.execute((std::string("DELETE") + kWithout).c_str()));
  TRY(
      connection.execute("DELETE FROM vec_next WHERE slot NOT IN (SELECT slot FROM image); DROP TABLE vec; "
                         "ALTER TABLE vec_next RENAME TO vec"));
  TRY(put_meta(connection, "model_name", next->model.name));
  TRY(put_meta(connection, "model_hash", next->model.hash));
  TRY(put_meta(connection, "dim", std::to_string(next->dim)));
  return connection.execute(kForget);
}

}  // namespace elanus::store_local
