#include "store_local/salvage.h"

#include <optional>

#include "base/f16.h"
#include "store_local/columns.h"
#include "store_local/highest_id.h"
#include "store_local/records.h"
#include "store_local/rows.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

// Both ways through the records by slot: from the start to the first page that is broken, and from the end to
// the last.
constexpr const char* kWays[] = {" > ? ORDER BY slot", " < ? ORDER BY slot DESC"};

class Rescue {
 public:
  Rescue(Connection& from, RecordReader reader, uint32_t dim)
      : from_(from), reader_(std::move(reader)), dim_(dim) {}

  Result<uint64_t> into(Connection& to) {
    RecordWriter writer = TRY(RecordWriter::prepare(to));
    Transaction transaction = TRY(Transaction::begin_write(to));
    TRY(carry_highest_id(from_, to));
    std::optional<int64_t> reached;
    for (const char* way : kWays) {
      int64_t at = way == kWays[0] ? INT64_MIN : INT64_MAX;
      // Not an ORDER BY of all: what sorts would read all before it gives the first.
      auto slots = from_.prepare("SELECT slot FROM vec WHERE slot" + std::string(way));
      if (!slots.ok()) continue;
      slots->bind(1, at);
      while (true) {
        const auto more = slots->step();
        if (!more.ok() || !*more) break;
        at = slots->integer(0);
        if (way != kWays[0] && reached && at <= *reached) break;
        if (way == kWays[0]) reached = at;
        TRY(save(at, writer));
      }
    }
    TRY(writer.settle());
    TRY(transaction.commit());
    return saved_;
  }

 private:
  // A failure here is of the new file; what cannot be read of the old one is passed over.
  Result<void> save(int64_t slot, RecordWriter& writer) {
    auto record = reader_.by_slot(slot);
    if (!record.ok() || !*record || !store::check_picture((*record)->picture).ok()) return {};
    auto vector = reader_.vector((*record)->id, dim_);
    if (!vector.ok() || !*vector || !store::check_vector(**vector, dim_).ok()) return {};
    std::vector<uint16_t> row;
    for (const float value : **vector) row.push_back(base::f32_to_f16(value));
    const auto inserted = writer.insert((*record)->id, (*record)->picture, encode_row(row));
    // The same id or path under two slots: a damaged page pretends. The first stays.
    if (!inserted.ok() && inserted.error().kind() == ErrorKind::no_space) return inserted.error();
    saved_ += inserted.ok();
    return {};
  }

  Connection& from_;
  RecordReader reader_;
  const uint32_t dim_;
  uint64_t saved_ = 0;
};

fs::path free_name(const fs::path& database) {
  std::error_code error;
  for (int n = 1;; ++n) {
    fs::path name = database.string() + ".damaged" + (n == 1 ? "" : "-" + std::to_string(n));
    if (!fs::exists(name, error)) return name;
  }
}

}  // namespace

Result<Salvaged> salvage(const Files& files) {
  Salvaged done;
  {
    const auto from = TRY(Connection::open(files.database.string(), Access::read_write));
    // SQLite then also reads a file that is shorter than it says.
    TRY(from->execute("PRAGMA writable_schema=ON"));
    // What the log holds goes into the file first, which then needs no log: there is no moment from here on
    // at which the one is there without the other.
    if (TRY(from->integer("PRAGMA wal_checkpoint(TRUNCATE)")) != 0)
      return Error(ErrorKind::busy, files.database.string() + " is being read; end that and try again");
    const auto identity = read_identity(*from, files);
    if (!identity.ok())
      return Error(ErrorKind::corrupt, files.database.string() +
                                           ": too little of it is left to save anything (" +
                                           identity.error().message() + "); restore it from a backup");
    auto reader = TRY(RecordReader::prepare(*from, TRY(read_format(*from))));
    TRY(make_database(files, identity->schema,
                      reader.columns().portable ? Paths::portable : Paths::absolute));
    const auto to = TRY(Connection::open(files.new_database.string(), Access::read_write));
    done.records = TRY(Rescue(*from, std::move(reader), identity->schema.dim).into(*to));
    TRY(to->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  done.kept_as = free_name(files.database);
  std::error_code error;
  // Two names for a while: a crash leaves a library.db in any case.
  fs::create_hard_link(files.database, done.kept_as, error);
  if (error) return base::errno_error("cannot keep " + files.database.string(), error.value());
  for (const fs::path& path : {files.log, files.shared_memory, files.index}) fs::remove(path, error);
  TRY(put_in_place(files));
  return done;
}

}  // namespace elanus::store_local
