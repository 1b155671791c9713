#include "store_local/history.h"

#include <algorithm>
#include <string>

#include "store_local/format.h"

namespace elanus::store_local {

Result<Version> read_version(Connection& connection) {
  // One statement: outside of a transaction two would see two states.
  constexpr const char* kSelect =
      "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'image'), (SELECT max(seq) FROM dead), "
      "(SELECT value FROM meta WHERE key = 'epoch'), ";
  const bool touched = TRY(read_format(connection)) >= kTouchedFormat;
  StatementUse use(
      *TRY(connection.kept(kSelect + std::string(touched ? "(SELECT max(seq) FROM touched)" : "-1"))));
  TRY(use->step());
  return Version{use->integer(0), use->integer(1), use->integer(2), use->integer(3)};
}

Result<History> History::read(Connection& connection) {
  History history;
  history.now_ = TRY(read_version(connection));
  const bool touched = TRY(read_format(connection)) >= kTouchedFormat;
  Statement select =
      TRY(connection.prepare("SELECT token, first_slot, first_dead, " +
                             std::string(touched ? "first_touched" : "0") + " FROM writer ORDER BY seq"));
  while (TRY(select.step()))
    history.sessions_.push_back({select.integer(0), select.integer(1), select.integer(2), select.integer(3)});
  return history;
}

bool History::contains(int64_t token, const Version& version) const {
  if (version.slot > now_.slot || version.dead > now_.dead || version.touched > now_.touched) return false;
  const auto session =
      std::find_if(sessions_.begin(), sessions_.end(), [&](const Session& s) { return s.token == token; });
  if (session == sessions_.end()) return false;
  const auto next = session + 1;
  return next == sessions_.end() || (version.slot < next->first_slot && version.dead < next->first_dead &&
                                     version.touched < next->first_touched);
}

}  // namespace elanus::store_local
