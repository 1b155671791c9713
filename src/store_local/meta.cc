#include "store_local/meta.h"

#include <charconv>

namespace elanus::store_local {

Result<std::optional<std::string>> read_meta(Connection& connection, std::string_view name) {
  StatementUse use(*TRY(connection.kept("SELECT value FROM meta WHERE key = ?")));
  use->bind_text(1, name);
  if (!TRY(use->step())) return std::optional<std::string>();
  return std::optional(std::string(use->bytes(0)));
}

Result<std::optional<int64_t>> read_meta_number(Connection& connection, std::string_view name) {
  const auto text = TRY(read_meta(connection, name));
  if (!text) return std::optional<int64_t>();
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (fault != std::errc() || end != text->data() + text->size())
    return Error(ErrorKind::corrupt,
                 connection.path() + ": \"" + std::string(name) + "\" is \"" + *text +
                     "\", expected a number; the file is damaged: restore it from a backup, or drop it and "
                     "index again");
  return std::optional(number);
}

Result<void> write_meta(Connection& connection, std::string_view name, const std::string& value) {
  StatementUse use(*TRY(connection.kept("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)")));
  return use->bind_text(1, name).bind_text(2, value).run();
}

}  // namespace elanus::store_local
