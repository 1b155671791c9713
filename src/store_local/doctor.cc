#include "store_local/doctor.h"

#include <algorithm>

#include "store_local/damaged_rows.h"
#include "store_local/format.h"
#include "store_local/index_file.h"
#include "store_local/local_collection.h"
#include "store_local/lock.h"
#include "store_local/readers.h"
#include "store_local/salvage.h"
#include "store_local/writer.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;
using State = Finding::State;

// More lines of the same kind tell nobody more.
constexpr int kMaxFindings = 20;

class Doctor {
 public:
  Doctor(const fs::path& folder, bool repair) : files_(folder), repair_(repair) {}

  Result<Diagnosis> examine() {
    auto opened = open_for_reading(files_.database.string());
    auto identity = opened.ok() ? read_identity(**opened, files_) : Result<Identity>(opened.error());
    if (!identity.ok()) {
      const ErrorKind kind = identity.error().kind();
      if (kind != ErrorKind::corrupt) return identity.error();
      TRY(unreadable(identity.error().message()));
    } else {
      auto looked = look_at_database(**opened, *identity);
      if (!looked.ok() && looked.error().kind() != ErrorKind::corrupt) return looked.error();
      if (!looked.ok()) TRY(unreadable(looked.error().message()));
    }
    TRY(look_at_index());
    look_at_remains();
    if (auto collection = LocalCollection::open(files_.folder, OpenMode::read_only); collection.ok())
      if (const auto count = (*collection)->count(); count.ok()) diagnosis_.records = *count;
    return std::move(diagnosis_);
  }

 private:
  void find(const fs::path& file, State state, std::string what) {
    diagnosis_.findings.push_back({file.filename().string(), state, std::move(what)});
  }

  // Every line that SQLite has to say, and what we know beyond it.
  Result<void> look_at_database(Connection& connection, const Identity& identity) {
    std::vector<std::string> complaints, indexes;
    {
      Statement check =
          TRY(connection.prepare("PRAGMA integrity_check(" + std::to_string(kMaxFindings) + ")"));
      while (TRY(check.step())) {
        const std::string line(check.bytes(0));
        const bool of_index = line.find(" index ") != std::string::npos;
        if (line != "ok") (of_index ? indexes : complaints).push_back(line);
      }
    }
    if (!complaints.empty()) return Error(ErrorKind::corrupt, complaints[0]);
    const auto whole =
        indexes.empty() ? check_database(connection, files_, identity.schema.dim) : Result<void>();
    if (!indexes.empty()) TRY(mend(indexes[0], &Doctor::make_indexes_anew));
    if (!whole.ok()) {
      if (whole.error().kind() != ErrorKind::corrupt) return whole.error();
      TRY(mend(whole.error().message(), &Doctor::part_with_halves));
    }
    if (indexes.empty() && whole.ok())
      find(files_.database, State::sound, "every page, record and vector was read");
    return {};
  }

  Result<void> mend(const std::string& what, Result<void> (Doctor::*repair)(Connection&, const Identity&)) {
    if (!repair_) {
      find(files_.database, State::repairable, what);
      const auto readable = TRY(open_for_reading(files_.database.string()));
      const DamagedRows damaged =
          TRY(find_damaged_rows(*readable, TRY(read_identity(*readable, files_)).schema.dim));
      for (const DamagedRow& row : damaged.vectors)
        tell(State::damaged, "the vector of " + row.path + " is missing or not what was written");
      for (const DamagedRow& row : damaged.records)
        tell(State::damaged, "the record of " + row.path + " is not what was written");
      return {};
    }
    const auto writer = TRY(Writer::open(files_));
    TRY(writer->prepare());
    const Identity identity = TRY(read_identity(writer->connection(), files_));
    TRY((this->*repair)(writer->connection(), identity));
    TRY(writer->compact(to_the_end));
    TRY(check_database(writer->connection(), files_, identity.schema.dim));
    find(files_.database, State::repaired, what);
    return {};
  }

  Result<void> make_indexes_anew(Connection& connection, const Identity&) {
    return connection.execute("REINDEX");
  }

  // Vectors that are missing or not what was written are taken from library.idx, where it has them; what is
  // left without its other half, or is not what was written, goes.
  Result<void> part_with_halves(Connection& connection, const Identity& identity) {
    Transaction transaction = TRY(Transaction::begin_write(connection));
    const DamagedRows damaged = TRY(find_damaged_rows(connection, identity.schema.dim));
    const auto restored = TRY(restore_vectors(connection, files_, identity, damaged.vectors));
    for (const DamagedRow& row : damaged.vectors) {
      const bool is_back = std::binary_search(restored.begin(), restored.end(), row.slot);
      tell(is_back ? State::repaired : State::damaged,
           "the vector of " + row.path +
               (is_back ? " was taken from library.idx" : " is lost; index its folder again"));
      if (!is_back) TRY(remove_row(connection, row.slot));
    }
    for (const DamagedRow& row : damaged.records) {
      tell(State::damaged,
           "the record of " + row.path + " is not what was written, and is removed; index its folder again");
      TRY(remove_row(connection, row.slot));
    }
    TRY(connection.execute("DELETE FROM vec WHERE slot NOT IN (SELECT slot FROM image)"));
    return transaction.commit();
  }

  void tell(State state, std::string what) {
    if (++told_ <= kMaxFindings) find(files_.database, state, std::move(what));
    if (told_ == kMaxFindings) find(files_.database, State::damaged, "and more like these");
  }

  Result<void> unreadable(const std::string& what) {
    if (!repair_) {
      find(files_.database, State::damaged, what + ". `elanus doctor --repair` saves what can be read");
      return {};
    }
    const WriterLock lock = TRY(WriterLock::acquire(files_.lock, files_.folder.string()));
    const Salvaged saved = TRY(salvage(files_));
    find(files_.database, State::damaged,
         what + ". " + std::to_string(saved.records) + " records were saved; the damaged file is kept as " +
             saved.kept_as.filename().string() + ". Index your folders again to bring the others back");
    return {};
  }

  Result<void> look_at_index() {
    std::error_code error;
    if (!fs::exists(files_.index, error)) {
      find(files_.index, State::sound, "there is none, which a small collection does not need");
      return {};
    }
    auto opened = open_for_reading(files_.database.string());
    auto identity = opened.ok() ? read_identity(**opened, files_) : Result<Identity>(opened.error());
    if (!identity.ok()) return {};  // it was said above
    const Transaction transaction = TRY(Transaction::begin_read(**opened));
    const auto index = map_index(files_, *identity, TRY(History::read(**opened)), nullptr, true);
    if (index && index->whole) {
      find(files_.index, State::sound, "every segment was read");
      return {};
    }
    const std::string what =
        index ? "a part is damaged or outdated" : "it is damaged, or not of this collection";
    if (repair_) fs::remove(files_.index, error);
    if (repair_ && error) return base::errno_error("cannot remove " + files_.index.string(), error.value());
    find(files_.index, repair_ ? State::repaired : State::repairable,
         what + (repair_ ? "; the next search makes it anew"
                         : "; searches do without that part, and are slower"));
    return {};
  }

  // What a crash while something was made has left. Somebody may be making it now: only the lock tells.
  void look_at_remains() {
    for (const fs::path& path : {files_.new_database, files_.new_index}) {
      std::error_code error;
      if (!fs::exists(path, error)) continue;
      if (repair_) {
        const auto lock = WriterLock::acquire(files_.lock, files_.folder.string());
        if (lock.ok()) fs::remove(path, error);
      }
      find(path, fs::exists(path, error) ? State::repairable : State::repaired,
           "left behind, or being made just now");
    }
  }

  const Files files_;
  const bool repair_;
  int told_ = 0;
  Diagnosis diagnosis_;
};

}  // namespace

bool Diagnosis::sound() const {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.state == State::repairable || finding.state == State::damaged;
  });
}

const char* to_string(Finding::State state) {
  switch (state) {
    case State::sound:
      return "sound";
    case State::repairable:
      return "repairable";
    case State::repaired:
      return "repaired";
    case State::damaged:
      return "damaged";
  }
  return "sound";
}

Result<Diagnosis> examine(const fs::path& folder, bool repair) {
  if (!LocalCollection::exists(folder))
    return Error(ErrorKind::not_found, "there is no collection in " + folder.string());
  return Doctor(folder, repair).examine();
}

}  // namespace elanus::store_local
