#include "store_local/columns.h"

#include <filesystem>
#include <memory>

#include "store_local/filter_sql.h"
#include "store_local/format.h"

namespace elanus::store_local {
namespace {

void give(sqlite3_context* context, std::string_view path) {
  sqlite3_result_blob64(context, path.empty() ? "" : path.data(), path.size(), SQLITE_TRANSIENT);
}

const std::string& base_of(sqlite3_context* context) {
  return *static_cast<const std::string*>(sqlite3_user_data(context));
}

// "./a.jpg" is kept for a.jpg in the base, and ".//x" for a path x that would look like that.
void full_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const std::string_view path = bytes_of(arguments[0]);
  if (path.starts_with(".//")) return give(context, path.substr(3));
  if (!path.starts_with("./")) return give(context, path);
  const std::string& base = base_of(context);
  if (path.size() == 2) return give(context, base);
  give(context, (base == "/" ? "" : base) + std::string(path.substr(1)));
}

void stored_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const std::string_view path = bytes_of(arguments[0]);
  const std::string& base = base_of(context);
  if (path.starts_with("./")) return give(context, ".//" + std::string(path));
  if (path == base) return give(context, "./");
  const std::string below = base == "/" ? base : base + "/";
  if (!path.starts_with(below) || path.substr(below.size()).starts_with('/') || path.size() == below.size())
    return give(context, path);
  give(context, "./" + std::string(path.substr(below.size())));
}

}  // namespace

Result<Columns> Columns::prepare(Connection& connection, int64_t format) {
  TRY(add_filter_functions(connection));
  Columns columns;
  columns.captured_s = format < 2 ? "0" : "captured_s";
  columns.camera = format < 2 ? "''" : "camera";
  columns.type = format < 2 ? "elanus_type(path)" : "type";
  columns.sound = format < kSummedFormat ? "1" : std::string("sum = ") + kRecordSum;
  columns.vector_sum = format < kSummedFormat ? "NULL" : "vec.sum";
  columns.portable = TRY(connection.integer("SELECT count(*) FROM meta WHERE key = 'portable'")) != 0;
  columns.path = columns.portable ? "elanus_full(path)" : "path";
  columns.root = columns.portable ? "elanus_full(root)" : "root";
  if (!columns.portable) return columns;
  // Links are kept, as in the paths of pictures.
  const auto store = std::filesystem::absolute(connection.path()).lexically_normal().parent_path();
  const std::string base = store.parent_path().native();
  TRY(connection.add_function("elanus_full", 1, full_function, base));
  TRY(connection.add_function("elanus_stored", 1, stored_function, base));
  return columns;
}

std::string Columns::stored(const std::string& parameter) const {
  return portable ? "elanus_stored(" + parameter + ")" : parameter;
}

}  // namespace elanus::store_local
