#include <algorithm>
#include <set>

#include "base/f16.h"
#include "store/validate.h"
#include "store_milvus/state.h"
#include "store_milvus/text.h"

namespace elanus::store_milvus {
namespace {

using store::Item;
using store::Record;

constexpr size_t kRowsPerMessage = 8192;

Result<void> may_write(OpenMode mode, const Session& session) {
  if (mode == OpenMode::read_write) return {};
  return Error(ErrorKind::permission, session.place.shown() + " is open for reading only");
}

// The rows that one message takes, from `begin` on.
size_t message_end(std::span<const Row> rows, size_t begin) {
  uint64_t bytes = 0;
  size_t end = begin;
  while (end < rows.size() && end - begin < kRowsPerMessage &&
         (end == begin || bytes + wire_bytes(rows[end]) <= kMessageBytes))
    bytes += wire_bytes(rows[end++]);
  return end;
}

// "12 rows were refused: row 3 (a.jpg), row 7 (b.jpg), …"
std::string refused_rows(std::span<const Row> rows, size_t begin, const pb::MutationResult& result) {
  std::string text = std::to_string(result.err_index_size()) + " rows were refused: ";
  for (int i = 0; i < result.err_index_size() && i < 10; ++i) {
    const size_t row = begin + result.err_index(i);
    text += (i ? ", " : "") + std::string("row ") + std::to_string(row);
    if (row < rows.size()) text += " (" + rows[row].picture->path + ")";
  }
  return text + (result.err_index_size() > 10 ? ", …" : "");
}

}  // namespace

Result<void> MilvusCollection::write(std::span<const Row> rows) {
  Session& session = state_->session;
  for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    end = message_end(rows, begin);
    auto request = session.request<pb::UpsertRequest>();
    encode(rows.subspan(begin, end - begin), session.layout.schema.dim, request);
    auto result = session.connection->call<pb::MutationResult>("Upsert", request);
    if (result.ok() && result->err_index_size() > 0)
      result = Error(ErrorKind::io, refused_rows(rows, begin, *result));
    if (!result.ok()) {
      state_->directory.forget();
      if (begin == 0) return std::move(result).error();
      return std::move(result).error().within("the first " + std::to_string(begin) + " of " +
                                              std::to_string(rows.size()) +
                                              " rows are written, the same call again completes it");
    }
    session.saw(result->timestamp());
    for (size_t row = begin; row < end; ++row) state_->directory.wrote(rows[row].id, rows[row].picture->path);
  }
  return {};
}

Result<std::vector<int64_t>> MilvusCollection::upsert(std::span<const Item> items) {
  Session& session = state_->session;
  const uint32_t dim = session.layout.schema.dim;
  TRY(may_write(state_->mode, session));
  TRY(store::check_items(items, dim));
  for (size_t i = 0; i < items.size(); ++i)
    TRY(base::within("item " + std::to_string(i) + " (" + items[i].picture.path.substr(0, 200) + ")",
                     check_fits(items[i].picture)));
  if (items.empty()) return std::vector<int64_t>();
  const std::lock_guard lock(state_->writing);
  std::vector<std::string> paths;
  for (const Item& item : items) paths.push_back(item.picture.path);
  const auto owners = TRY(state_->directory.owners(paths));
  const auto resolved = TRY(
      store::resolve_ids(items, {[&](std::string_view path) -> Result<std::optional<int64_t>> {
                                   const auto owner = owners.find(std::string(path));
                                   return owner == owners.end() ? std::nullopt : std::optional(owner->second);
                                 },
                                 [&] { return state_->directory.highest_id(); }}));
  std::vector<float> vectors(items.size() * dim);
  std::vector<uint16_t> halves(dim);
  std::vector<Row> rows;
  std::vector<int64_t> ids;
  for (size_t i = 0; i < items.size(); ++i) {
    const std::span<float> vector(vectors.data() + i * dim, dim);
    store::normalized_f16(items[i].vector, halves);
    std::transform(halves.begin(), halves.end(), vector.begin(), base::f16_to_f32);
    rows.push_back({resolved[i].id, vector, &items[i].picture});
    ids.push_back(resolved[i].id);
  }
  TRY(write(rows));
  return ids;
}

Result<void> MilvusCollection::update(std::span<const Record> records) {
  Session& session = state_->session;
  TRY(may_write(state_->mode, session));
  TRY(store::check_records(records));
  for (const Record& record : records)
    TRY(base::within("record " + std::to_string(record.id), check_fits(record.picture)));
  if (records.empty()) return {};
  const std::lock_guard lock(state_->writing);
  std::vector<int64_t> ids;
  std::vector<std::string> paths;
  for (const Record& record : records) {
    ids.push_back(record.id);
    paths.push_back(record.picture.path);
  }
  const auto before = TRY(stored_vectors(session, ids));
  const auto owners = TRY(state_->directory.owners(paths));
  std::vector<Row> rows;
  for (const Record& record : records) {
    const auto found = before.vectors.find(record.id);
    if (found == before.vectors.end())
      return Error(ErrorKind::not_found, "there is no record " + std::to_string(record.id));
    const auto owner = owners.find(record.picture.path);
    if (owner != owners.end() && !before.vectors.contains(owner->second))
      return Error(ErrorKind::invalid_argument,
                   "the record " + std::to_string(record.id) + " cannot take the path " +
                       record.picture.path + ": it belongs to the record " + std::to_string(owner->second));
    rows.push_back({record.id, found->second, &record.picture});
  }
  return write(rows);
}

Result<uint64_t> MilvusCollection::erase(std::span<const int64_t> ids) {
  Session& session = state_->session;
  TRY(may_write(state_->mode, session));
  const std::lock_guard lock(state_->writing);
  // The server counts what it was asked to delete, not what was there.
  const std::set<int64_t> distinct(ids.begin(), ids.end());
  const std::vector<int64_t> wanted(distinct.begin(), distinct.end());
  const std::string fields[] = {"id"};
  uint64_t erased = 0;
  for (size_t begin = 0; begin < wanted.size(); begin += kRowsPerMessage) {
    const auto some = std::span(wanted).subspan(begin, std::min(kRowsPerMessage, wanted.size() - begin));
    const auto answer = TRY(session.query("id in " + list_of(some), fields, 0, Freshness::own));
    const size_t rows = row_count(answer.fields_data());
    const auto columns = TRY(Columns::read(answer.fields_data(), rows));
    std::vector<int64_t> there;
    for (size_t row = 0; row < rows; ++row)
      if (const auto id = columns.integer("id", row)) there.push_back(*id);
    if (there.empty()) continue;
    TRY(state_->directory.remember(there));
    auto request = session.request<pb::DeleteRequest>();
    request.set_expr("id in " + list_of(there));
    const auto result = session.connection->call<pb::MutationResult>("Delete", request);
    if (!result.ok()) state_->directory.forget();
    session.saw(TRY(result).timestamp());
    for (const int64_t id : there) state_->directory.erased(id);
    erased += there.size();
  }
  return erased;
}

Result<void> MilvusCollection::flush() {
  const Session& session = state_->session;
  auto request = session.request<pb::FlushRequest>();
  request.add_collection_names(session.place.collection);
  TRY(session.connection->call<pb::FlushResponse>("Flush", request));
  return {};
}

uint64_t MilvusCollection::repeats() const { return state_->session.connection->repeats(); }

}  // namespace elanus::store_milvus
