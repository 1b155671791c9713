#include "store_local/migrate.h"

#include <string>

#include "store_local/filter_sql.h"
#include "store_local/format.h"

namespace elanus::store_local {
namespace {

constexpr const char* kFrom1To2 = R"(
ALTER TABLE image ADD COLUMN captured_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE image ADD COLUMN camera TEXT NOT NULL DEFAULT '';
ALTER TABLE image ADD COLUMN type TEXT NOT NULL DEFAULT '';
UPDATE image SET type = elanus_type(path);
)";

}  // namespace

Result<void> migrate(Connection& connection) {
  TRY(add_filter_functions(connection));
  if (TRY(connection.integer("PRAGMA user_version")) >= kFormat) return {};
  Transaction transaction = TRY(Transaction::begin_write(connection));
  TRY(connection.execute(kFrom1To2));
  TRY(connection.execute(kFilterIndexes));
  TRY(connection.execute(("PRAGMA user_version=" + std::to_string(kFormat)).c_str()));
  return transaction.commit();
}

}  // namespace elanus::store_local
