#include "store_local/sqlite.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "io/file.h"

namespace elanus::store_local {
namespace {

// Another process may recover the log or close the database for this long before a reader gives up.
constexpr int kBusyMilliseconds = 10'000;

ErrorKind kind_of(int code, int system_errno) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return ErrorKind::no_space;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
      return ErrorKind::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::busy;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorKind::permission;
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return ErrorKind::too_large;
    case SQLITE_INTERRUPT:
    case SQLITE_ABORT:
      return ErrorKind::cancelled;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG)
        return ErrorKind::no_space;
      if (system_errno == EACCES || system_errno == EPERM || system_errno == EROFS)
        return ErrorKind::permission;
      return ErrorKind::io;
    default:
      return ErrorKind::io;
  }
}

std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
        byte == '/') {
      uri += c;
    } else {
      uri += '%';
      uri += "0123456789ABCDEF"[byte >> 4];
      uri += "0123456789ABCDEF"[byte & 15];
    }
  }
  return uri + "?immutable=1";
}

void append_number(std::string& bytes, int64_t number) {
  for (int byte = 0; byte < 8; ++byte) bytes += static_cast<char>(static_cast<uint64_t>(number) >> 8 * byte);
}

void checksum_function(sqlite3_context* context, int count, sqlite3_value** arguments) {
  std::string joined;
  std::string_view bytes;
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(arguments[i]) == SQLITE_INTEGER) {
      append_number(joined, sqlite3_value_int64(arguments[i]));
      continue;
    }
    bytes = bytes_of(arguments[i]);
    if (count == 1) break;
    append_number(joined, static_cast<int64_t>(bytes.size()));
    joined += bytes;
  }
  if (count != 1 || bytes.data() == nullptr) bytes = joined;
  sqlite3_result_int64(context, static_cast<int64_t>(io::checksum(std::as_bytes(std::span(bytes)))));
}

}  // namespace

std::string_view bytes_of(sqlite3_value* value) {
  const void* data = sqlite3_value_blob(value);
  const int size = sqlite3_value_bytes(value);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

Statement& Statement::bind(int parameter, int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_.get(), parameter, value); code != SQLITE_OK)
    bind_failure_ = code;
  return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  const int code =
      sqlite3_bind_text64(statement_.get(), parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Statement& Statement::bind_blob(int parameter, const void* data, size_t size) {
  const int code =
      sqlite3_bind_blob64(statement_.get(), parameter, size == 0 ? "" : data, size, SQLITE_STATIC);
  if (code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Statement& Statement::bind_pointer(int parameter, const void* pointer, const char* name) {
  const int code =
      sqlite3_bind_pointer(statement_.get(), parameter, const_cast<void*>(pointer), name, nullptr);
  if (code != SQLITE_OK) bind_failure_ = code;
  return *this;
}

Result<bool> Statement::step() {
  if (const int failed = std::exchange(bind_failure_, SQLITE_OK); failed != SQLITE_OK)
    return connection_->error(failed);
  errno = 0;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Error error = connection_->error(code);
  reset();
  return error;
}

Result<void> Statement::run() {
  while (TRY(step())) {
  }
  reset();
  return {};
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (access == Access::read_only) flags |= SQLITE_OPEN_READONLY;
  if (access == Access::immutable) flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  if (access == Access::read_write) flags |= SQLITE_OPEN_READWRITE;
  if (access == Access::create) flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  errno = 0;
  const std::string name = access == Access::immutable ? immutable_uri(path) : path;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle, path));
  if (code != SQLITE_OK) return connection->error(code);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  TRY(connection->add_function("elanus_checksum", -1, checksum_function));
  return connection;
}

Result<void> Connection::add_function(const char* name, int arguments,
                                      void (*function)(sqlite3_context*, int, sqlite3_value**),
                                      const std::string& data) {
  // SQLite frees it, also when this call fails.
  const int code = sqlite3_create_function_v2(
      handle_.get(), name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC, new std::string(data), function,
      nullptr, nullptr, [](void* owned) { delete static_cast<std::string*>(owned); });
  if (code != SQLITE_OK) return error(code);
  return {};
}

void Connection::watch(std::function<bool()> go_on) {
  constexpr int kInstructions = 20'000;
  go_on_ = std::move(go_on);
  const auto ask = [](void* self) { return static_cast<Connection*>(self)->go_on_() ? 0 : 1; };
  sqlite3_progress_handler(handle_.get(), go_on_ ? kInstructions : 0, go_on_ ? +ask : nullptr, this);
}

void Connection::keep_log_files() {
  int keep = 1;
  sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  errno = 0;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error(code);
  return Statement(statement, *this);
}

Result<void> Connection::execute(const char* sql) {
  errno = 0;
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<Statement*> Connection::kept(const std::string& sql) {
  auto found = kept_.find(sql);
  if (found == kept_.end()) found = kept_.emplace(sql, TRY(prepare(sql))).first;
  return &found->second;
}

Result<void> Connection::execute_kept(const std::string& sql) {
  StatementUse use(*TRY(kept(sql)));
  return use->run();
}

Result<int64_t> Connection::integer(const std::string& sql) {
  StatementUse use(*TRY(kept(sql)));
  return TRY(use->step()) ? use->integer(0) : 0;
}

Error Connection::error(int code) const {
  const int left_errno = errno;
  // SQLite does not note the cause of every failed write.
  const int noted = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
  const int system_errno = noted != 0 ? noted : left_errno;
  const ErrorKind kind = kind_of(code, system_errno);
  std::string message = path_ + ": " + (handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code));
  char text[128];
  const int primary = code & 0xff;
  if (system_errno != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL))
    message += std::string(" (") + strerror_r(system_errno, text, sizeof text) + ")";
  if (kind == ErrorKind::no_space)
    message += "; what was written before is safe: free some space and try again";
  if (kind == ErrorKind::corrupt)
    message += "; the file is damaged: restore it from a backup, or drop it and index again";
  if (kind == ErrorKind::busy) message += "; another program keeps the file locked";
  return {kind, message};
}

Result<Transaction> Transaction::begin_write(Connection& connection) {
  TRY(connection.execute_kept("BEGIN IMMEDIATE"));
  return Transaction(connection);
}

Result<Transaction> Transaction::begin_read(Connection& connection) {
  TRY(connection.execute_kept("BEGIN"));
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ != nullptr) static_cast<void>(connection_->execute_kept("ROLLBACK"));
}

Result<void> Transaction::commit() {
  TRY(connection_->execute_kept("COMMIT"));
  connection_ = nullptr;
  return {};
}

}  // namespace elanus::store_local
