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

// Clearing `writer` disowns every library.idx there is: nothing told what changed in place until now.
constexpr const char* kFrom3To4 = R"(
DROP INDEX IF EXISTS image_content;
DROP INDEX IF EXISTS image_size;
DROP INDEX IF EXISTS image_mtime;
DROP INDEX IF EXISTS image_captured;
DROP INDEX IF EXISTS image_width;
DROP INDEX IF EXISTS image_height;
DROP INDEX IF EXISTS image_label;
DROP INDEX IF EXISTS image_camera;
DROP INDEX IF EXISTS image_type;
ALTER TABLE writer ADD COLUMN first_touched INTEGER NOT NULL DEFAULT 0;
DELETE FROM writer;
)";

Result<void> from_2_to_3(Connection& connection) {
  for (const auto& [table, sum] : {std::pair("image", kRecordSum), std::pair("vec", kVectorSum)}) {
    TRY(connection.execute(
        ("ALTER TABLE " + std::string(table) + " ADD COLUMN sum INTEGER NOT NULL DEFAULT 0").c_str()));
    TRY(connection.execute(("UPDATE " + std::string(table) + " SET sum = " + sum).c_str()));
  }
  return {};
}

}  // namespace

Result<void> migrate(Connection& connection) {
  TRY(add_filter_functions(connection));
  const int64_t format = TRY(connection.integer("PRAGMA user_version"));
  if (format >= kFormat) return {};
  Transaction transaction = TRY(Transaction::begin_write(connection));
  if (format < 2) TRY(connection.execute(kFrom1To2));
  if (format < 3) TRY(from_2_to_3(connection));
  for (const char* step : {kFrom3To4, kTouchedTables, kFillContent}) TRY(connection.execute(step));
  TRY(connection.execute(("PRAGMA user_version=" + std::to_string(kFormat)).c_str()));
  return transaction.commit();
}

}  // namespace elanus::store_local
