#include "store_local/local_collection.h"

#include <mutex>

#include "base/thread_pool.h"
#include "store/validate.h"
#include "store_local/format.h"
#include "store_local/mirror.h"
#include "store_local/next_model.h"
#include "store_local/query.h"
#include "store_local/readers.h"
#include "store_local/upkeep.h"
#include "store_local/writer.h"

namespace elanus::store_local {

namespace fs = std::filesystem;

struct LocalCollection::State {
  State(Files f, Identity i, OpenMode mode, const UpkeepLimits& limits)
      : files(std::move(f)),
        identity(std::move(i)),
        mirror(files, identity, mode == OpenMode::read_write),
        upkeep(files, mirror, limits),
        readers(files.database.string(), identity) {}

  // The threads of a scan, started by the first one that is large enough.
  base::ThreadPool* pool(size_t values) {
    if (values < (size_t{1} << 20)) return nullptr;
    std::call_once(pool_once, [&] { threads = std::make_unique<base::ThreadPool>(); });
    return threads.get();
  }

  Result<Writer*> writing() {
    if (writer) return writer.get();
    return Error(ErrorKind::permission, files.folder.string() + " is open for reading only");
  }

  // The next process then has nothing to read from library.db but what fills no segment.
  void extend_wholly() {
    upkeep.finish();
    if (writer->log().pages == 0) return;  // nothing was written
    const auto version = read_version(writer->connection());
    if (version.ok()) mirror.extend(writer->connection(), version->slot, Mirror::Extent::all);
  }

  const Files files;
  const Identity identity;
  Mirror mirror;
  Upkeep upkeep;
  std::unique_ptr<Writer> writer;  // read_write only; goes after the readers, so that it can empty the log
  Readers readers;
  std::once_flag pool_once;
  std::unique_ptr<base::ThreadPool> threads;
};

// Each slot ever given out has a record or was given up.
static uint64_t records_at(const Version& version) {
  return static_cast<uint64_t>(version.slot - version.dead);
}

LocalCollection::LocalCollection(std::unique_ptr<State> state) : state_(std::move(state)) {}
LocalCollection::~LocalCollection() {
  if (state_->writer) state_->extend_wholly();
}

bool LocalCollection::exists(const fs::path& folder) {
  std::error_code error;
  return fs::exists(Files(folder).database, error);
}

Result<std::unique_ptr<LocalCollection>> LocalCollection::create(const fs::path& folder,
                                                                 const store::Schema& schema, Paths paths) {
  TRY(store::check_schema(schema));
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return base::errno_error("cannot make the folder " + folder.string(), error.value());
  const Files files(folder);
  {
    const WriterLock lock = TRY(WriterLock::acquire(files.lock, folder.string()));
    if (exists(folder))
      return Error(ErrorKind::already_exists, "there is a collection in " + folder.string() + " already");
    // Remains of another collection would be taken for the log of this one.
    for (const fs::path& path : {files.log, files.shared_memory, files.index}) fs::remove(path, error);
    if (error) return base::errno_error("cannot clear " + folder.string(), error.value());
    TRY(create_database(files, schema, paths));
  }
  return open(folder, OpenMode::read_write);
}

Result<std::unique_ptr<LocalCollection>> LocalCollection::open(const fs::path& folder, OpenMode mode,
                                                               const UpkeepLimits& limits) {
  Files files(folder);
  if (!exists(folder))
    return Error(ErrorKind::not_found,
                 "there is no collection in " + folder.string() +
                     "; make one with: elanus index PICTURES --store file:" + folder.string());
  std::unique_ptr<Writer> writer;
  if (mode == OpenMode::read_write) writer = TRY(Writer::open(files));
  auto connection = TRY(open_for_reading(files.database.string()));
  Identity identity = TRY(read_identity(*connection, files));
  if (writer) TRY(writer->prepare());
  auto state = std::make_unique<State>(std::move(files), std::move(identity), mode, limits);
  state->writer = std::move(writer);
  return std::unique_ptr<LocalCollection>(new LocalCollection(std::move(state)));
}

Result<void> LocalCollection::drop(const fs::path& folder) {
  const Files files(folder);
  if (!exists(folder)) return Error(ErrorKind::not_found, "there is no collection in " + folder.string());
  if (!has_our_header(files.database))
    return Error(ErrorKind::mismatch,
                 files.database.string() + " is not an elanus library: nothing was removed");
  const WriterLock lock = TRY(WriterLock::acquire(files.lock, folder.string()));
  for (const fs::path& path : {files.index, files.new_index, files.new_database, files.log,
                               files.shared_memory, files.database, files.lock}) {
    std::error_code error;
    fs::remove(path, error);
    if (error) return base::errno_error("cannot remove " + path.string(), error.value());
  }
  return {};
}

const store::Schema& LocalCollection::schema() const { return state_->identity.schema; }

Result<uint64_t> LocalCollection::count() const {
  const Version version = TRY(read_version(*TRY(state_->readers.borrow())->connection));
  return records_at(version);
}

Result<std::vector<int64_t>> LocalCollection::upsert(std::span<const store::Item> items) {
  TRY(store::check_items(items, schema().dim));
  Writer* writer = TRY(state_->writing());
  if (items.empty()) return std::vector<int64_t>();
  const auto done = TRY(writer->upsert(items, schema().dim));
  state_->upkeep.committed(writer->connection(), done.last_slot, writer->log().pages);
  return done.ids;
}

Result<void> LocalCollection::update(std::span<const store::Record> records) {
  TRY(store::check_records(records));
  return TRY(state_->writing())->update(records);
}

Result<uint64_t> LocalCollection::erase(std::span<const int64_t> ids) {
  return TRY(state_->writing())->erase(ids);
}

Result<store::Record> LocalCollection::get(int64_t id) const {
  auto reader = TRY(state_->readers.borrow());
  auto record = TRY(reader->records.by_id(id));
  if (!record) return no_record(id);
  return std::move(*record);
}

Result<std::vector<float>> LocalCollection::vector(int64_t id) const {
  auto reader = TRY(state_->readers.borrow());
  auto values = TRY(reader->records.vector(id, schema().dim));
  if (!values) return no_record(id);
  return std::move(*values);
}

Result<std::optional<store::Record>> LocalCollection::find_by_path(std::string_view path) const {
  return TRY(state_->readers.borrow())->records.by_path(path);
}

Result<std::vector<store::Record>> LocalCollection::find_by_content(std::string_view hash) const {
  return TRY(state_->readers.borrow())->records.by_content(hash);
}

Result<void> LocalCollection::for_each_from(int64_t least,
                                            const std::function<bool(const store::Record&)>& visit) const {
  return TRY(state_->readers.borrow())->records.for_each_from(least, visit);
}

Result<std::vector<store::Hit>> LocalCollection::search(std::span<const float> query,
                                                        const store::SearchParams& params) const {
  TRY(store::check_search(query, params, schema().dim));
  return std::move(TRY(search_batch(query, params)).front());
}

Result<std::vector<std::vector<store::Hit>>> LocalCollection::search_batch(
    std::span<const float> queries, const store::SearchParams& params) const {
  const uint32_t dim = schema().dim;
  TRY(store::check_batch(queries, params, dim));
  std::vector<float> units;
  for (size_t at = 0; at < queries.size(); at += dim) {
    const auto unit = store::normalized(queries.subspan(at, dim));
    units.insert(units.end(), unit.begin(), unit.end());
  }
  const auto reader = TRY(state_->readers.borrow());
  return answer(*reader, state_->mirror, [&](size_t values) { return state_->pool(values); },
                {units, dim, params});
}

Result<void> LocalCollection::set_index(const IndexSpec& spec) {
  TRY(TRY(state_->writing())->set_index(spec));
  state_->mirror.forget();
  return {};
}

Result<bool> LocalCollection::settle(const std::function<bool(uint64_t, uint64_t)>& go_on) {
  Writer* writer = TRY(state_->writing());
  state_->extend_wholly();
  return state_->mirror.settle(writer->connection(), go_on);
}

Result<Stats> LocalCollection::stats() const {
  const auto reader = TRY(state_->readers.borrow());
  const Version version = TRY(read_version(*reader->connection));
  const auto size = [](const fs::path& path) -> uint64_t {
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    return error ? 0 : bytes;
  };
  Stats stats;
  stats.records = records_at(version);
  stats.dead_slots = static_cast<uint64_t>(version.dead);
  stats.database_bytes = size(state_->files.database) + size(state_->files.log);
  stats.index_bytes = size(state_->files.index);
  if (const auto file = io::MappedFile::open(state_->files.index); file.ok())
    if (const auto image = parse_index(file->bytes(), state_->identity.uuid, schema().dim))
      for (const Segment& segment : image->segments) {
        stats.index_rows += segment.slots.size();
        if (!segment.codes.empty()) stats.coded_rows += segment.slots.size();
      }
  stats.index = TRY(read_index_spec(*reader->connection));
  stats.next = TRY(read_next_model(*reader->connection));
  if (const auto lists = TRY(state_->mirror.begin(*reader->connection)).view->lists) {
    stats.lists = lists->lists.size();
    stats.listed_rows = lists->starts.back();
  }
  stats.format = reader->format;
  stats.created_ns = state_->identity.created_ns;
  return stats;
}

Result<void> LocalCollection::check() const {
  const auto reader = TRY(state_->readers.borrow());
  return check_database(*reader->connection, state_->files, schema().dim);
}

}  // namespace elanus::store_local
