// SQLite with our errors: a connection, a statement that is prepared once, a transaction that ends with its
// scope. Thread-safety: none. A connection and all that was made from it belong to one thread at a time.
#pragma once
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::store_local {

enum class Access {
  read_only,
  immutable,  // nobody writes, and nothing beside the file is looked at: for disks that cannot be written
  read_write,
  create,
};

class Connection;

// A text or blob given to a function of ours, valid until it returns.
std::string_view bytes_of(sqlite3_value* value);

// Text and blobs that are bound must live until the next reset.
class Statement {
 public:
  Statement(sqlite3_stmt* statement, Connection& connection)
      : statement_(statement), connection_(&connection) {}

  Statement& bind(int parameter, int64_t value);
  Statement& bind_text(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, const void* data, size_t size);
  Statement& bind_blob(int parameter, std::string_view bytes) {
    return bind_blob(parameter, bytes.data(), bytes.size());
  }
  // For functions of ours: they get it back under the same name. It outlives the statement's use.
  Statement& bind_pointer(int parameter, const void* pointer, const char* name);

  // True on a row, false at the end.
  Result<bool> step();
  // Runs to the end and makes ready for the next use.
  Result<void> run();
  void reset() { sqlite3_reset(statement_.get()); }

  bool is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  // Text or blob, valid until the next step or reset.
  std::string_view bytes(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  Connection* connection_;
  int bind_failure_ = SQLITE_OK;
};

// Makes a statement ready for others when the scope ends, also on an early return: an unfinished one would
// hold its read transaction open.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) : statement_(statement) { statement_.reset(); }
  ~StatementUse() { statement_.reset(); }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  Statement* operator->() const { return &statement_; }
  Statement& operator*() const { return statement_; }

 private:
  Statement& statement_;
};

class Connection {
 public:
  // `path` is what error messages call the file.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access);

  Result<Statement> prepare(std::string_view sql);
  // One or more statements without parameters; rows are thrown away.
  Result<void> execute(const char* sql);
  // Prepared the first time, and kept for the next.
  Result<Statement*> kept(const std::string& sql);
  // One statement without parameters that comes again and again: parsed once.
  Result<void> execute_kept(const std::string& sql);
  // The first column of the first row, 0 without a row.
  Result<int64_t> integer(const std::string& sql);

  // Every connection has elanus_checksum(value, …): the XXH3-64 of the values one after the other. A number
  // stands for its 8 bytes, little-endian; where there are several values, each text or blob comes after its
  // length as a number.

  // A function that SQL on this connection may call: the same result for the same arguments. `data` is its
  // sqlite3_user_data, a const std::string*.
  Result<void> add_function(const char* name, int arguments,
                            void (*function)(sqlite3_context*, int, sqlite3_value**),
                            const std::string& data = {});

  // Keeps the log and its shared memory, empty, when the last connection closes: a user who may read but not
  // write the folder could not make them.
  void keep_log_files();

  // Called every few milliseconds while a statement runs, from its thread; false ends the statement with
  // `cancelled`, and the transaction that it writes in. Nothing: no longer.
  void watch(std::function<bool()> go_on);

  int64_t last_insert_rowid() const { return sqlite3_last_insert_rowid(handle_.get()); }
  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_.get(); }
  // The Error for a result code of SQLite just returned on this connection.
  Error error(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  Connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  std::function<bool()> go_on_;  // outlives the handle, which calls it
  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
  std::map<std::string, Statement> kept_;
};

// Rolls back unless it was committed.
class Transaction {
 public:
  static Result<Transaction> begin_write(Connection& connection);
  // Sees one state of the database until it ends.
  static Result<Transaction> begin_read(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace elanus::store_local
