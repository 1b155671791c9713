// Where a database stands, and whether something that was copied from it still belongs to it.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

// All but the epoch only grow within one, and every commit that adds or removes a vector, or changes what a
// filter may compare of a record, moves one of them.
struct Version {
  int64_t slot = 0;   // the highest slot ever given out
  int64_t dead = 0;   // how many slots were given up
  int64_t epoch = 0;  // how often slots were given out anew
  // How often a record was changed in its slot in a way that filters see; -1 where the format does not tell.
  int64_t touched = 0;
  bool operator==(const Version&) const = default;
  // Whether what was read at `before` is still right, as far as it goes.
  bool continues(const Version& before) const {
    return epoch == before.epoch && slot >= before.slot && dead >= before.dead && touched >= before.touched &&
           (touched < 0) == (before.touched < 0);
  }
};

Result<Version> read_version(Connection& connection);

// A backup that was put back begins another history with the same slots. Each session that writes leaves a
// random token with the version it began at; a copy keeps the last token it saw.
class History {
 public:
  static Result<History> read(Connection& connection);

  const Version& now() const { return now_; }
  // The token of the session that wrote last; 0 before the first.
  int64_t token() const { return sessions_.empty() ? 0 : sessions_.back().token; }
  // Whether this database once stood at `version` while `token` was the last.
  bool contains(int64_t token, const Version& version) const;

 private:
  struct Session {
    int64_t token, first_slot, first_dead, first_touched;
  };
  Version now_;
  std::vector<Session> sessions_;
};

}  // namespace elanus::store_local
