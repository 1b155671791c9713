// How the columns of `image` are spelled in SQL, for each format that is read and for both ways to keep
// paths.
#pragma once
#include <cstdint>
#include <string>

#include "base/result.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// The names stand for what a Picture has. A format that lacks a column gives what a record that knows nothing
// has.
struct Columns {
  // Reads what the database is, and gives the connection the functions that the names call: elanus_glob,
  // elanus_attribute, elanus_type and, for paths, elanus_full and elanus_stored. Once for each connection.
  static Result<Columns> prepare(Connection& connection, int64_t format);

  // `parameter`, a path as a Picture has it, as the database keeps it.
  std::string stored(const std::string& parameter) const;

  std::string path, root, captured_s, camera, type;
  std::string sound;       // whether a row of `image` is what was written
  std::string vector_sum;  // of `vec`, null where the format has none
  bool portable = false;   // paths below the folder that the store is in are kept relative to it
};

}  // namespace elanus::store_local
