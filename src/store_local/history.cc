#include "store_local/history.h"

#include <algorithm>

namespace elanus::store_local {

Result<Version> read_version(Connection& connection) {
  // One statement: outside of a transaction two would see two states.
  StatementUse use(*TRY(connection.kept(
      "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'image'), (SELECT max(seq) FROM dead), "
      "(SELECT value FROM meta WHERE key = 'epoch')")));
  TRY(use->step());
  return Version{use->integer(0), use->integer(1), use->integer(2)};
}

Result<History> History::read(Connection& connection) {
  History history;
  history.now_ = TRY(read_version(connection));
  Statement select = TRY(connection.prepare("SELECT token, first_slot, first_dead FROM writer ORDER BY seq"));
  while (TRY(select.step()))
    history.sessions_.push_back({select.integer(0), select.integer(1), select.integer(2)});
  return history;
}

bool History::contains(int64_t token, const Version& version) const {
  if (version.slot > now_.slot || version.dead > now_.dead) return false;
  const auto session =
      std::find_if(sessions_.begin(), sessions_.end(), [&](const Session& s) { return s.token == token; });
  if (session == sessions_.end()) return false;
  const auto next = session + 1;
  return next == sessions_.end() || (version.slot < next->first_slot && version.dead < next->first_dead);
}

}  // namespace elanus::store_local
