// Reading records: by id, by path, by content, and all of them.
#include <algorithm>

#include "store_milvus/state.h"
#include "store_milvus/text.h"

namespace elanus::store_milvus {
namespace {

using store::Record;

constexpr uint32_t kPage = 4096;
constexpr size_t kVectorsPerQuery = 1024;

struct Page {
  std::vector<Record> records;
  std::string last_key;  // as a literal
};

// A key that is no number stands for a record by its hash; such collections are others' and only read.
Result<Page> read_page(const Layout& layout, const pb::QueryResults& answer) {
  const size_t rows = row_count(answer.fields_data());
  const auto columns = TRY(Columns::read(answer.fields_data(), rows));
  Page page;
  for (size_t row = 0; row < rows; ++row) {
    const auto number = columns.integer(layout.key_field, row);
    const auto text = columns.text(layout.key_field, row);
    if (!number && !text)
      return Error(ErrorKind::corrupt, "the server's answer lacks the key '" + layout.key_field + "'");
    const std::string name = text ? *text : std::to_string(*number);
    page.records.push_back({number ? *number : key_of(*text), columns.picture(row, from_utf8(name))});
    page.last_key = text ? literal(*text) : "";
  }
  return page;
}

Result<std::vector<Record>> records_of(const Session& session, const std::string& expression) {
  const auto answer = TRY(session.query(expression, session.layout.fields, 0, Freshness::own));
  auto page = TRY(read_page(session.layout, answer));
  std::sort(page.records.begin(), page.records.end(),
            [](const Record& a, const Record& b) { return a.id < b.id; });
  return std::move(page.records);
}

Result<void> has_ids(const Session& session) {
  if (!session.layout.text_key) return {};
  return Error(ErrorKind::unsupported, session.place.shown() +
                                           " has text for its keys, so that its records have no number to " +
                                           "be found by; it can be searched and listed");
}

Error no_record(int64_t id) { return {ErrorKind::not_found, "there is no record " + std::to_string(id)}; }

}  // namespace

const store::Schema& MilvusCollection::schema() const { return state_->session.layout.schema; }

Result<uint64_t> MilvusCollection::count() const { return state_->session.count(); }

Result<Record> MilvusCollection::get(int64_t id) const {
  TRY(has_ids(state_->session));
  auto records = TRY(
      records_of(state_->session, state_->session.layout.key_field + " in " + list_of(std::span(&id, 1))));
  if (records.empty()) return no_record(id);
  return std::move(records.front());
}

Result<std::vector<float>> MilvusCollection::vector(int64_t id) const { return vectors(std::span(&id, 1)); }

Result<std::vector<float>> MilvusCollection::vectors(std::span<const int64_t> ids) const {
  const Session& session = state_->session;
  TRY(has_ids(session));
  std::vector<float> all;
  for (size_t begin = 0; begin < ids.size(); begin += kVectorsPerQuery) {
    const auto some = ids.subspan(begin, std::min(kVectorsPerQuery, ids.size() - begin));
    const auto stored = TRY(stored_vectors(session, some));
    for (const int64_t id : some) {
      const auto found = stored.vectors.find(id);
      if (found == stored.vectors.end()) return no_record(id);
      all.insert(all.end(), found->second.begin(), found->second.end());
    }
  }
  return all;
}

Result<std::optional<Record>> MilvusCollection::find_by_path(std::string_view path) const {
  const Session& session = state_->session;
  const std::string expression =
      session.layout.ours       ? std::string(kPathKeyField) + " == " + std::to_string(key_of(path))
      : session.layout.text_key ? session.layout.key_field + " == " + literal(to_utf8(path))
                                : "path == " + literal(to_utf8(path));
  for (Record& record : TRY(records_of(session, expression)))
    if (record.picture.path == path) return std::optional(std::move(record));
  return std::optional<Record>();
}

Result<std::vector<Record>> MilvusCollection::find_by_content(std::string_view hash) const {
  if (hash.empty()) return std::vector<Record>();
  return records_of(state_->session, std::string(kContentField) + " == " + literal(to_utf8(hash)));
}

Result<StoredVectors> stored_vectors(const Session& session, std::span<const int64_t> ids) {
  const Layout& layout = session.layout;
  const std::string fields[] = {layout.key_field, layout.vector_field};
  StoredVectors stored;
  for (size_t begin = 0; begin < ids.size(); begin += kVectorsPerQuery) {
    const auto some = ids.subspan(begin, std::min(kVectorsPerQuery, ids.size() - begin));
    stored.answers.push_back(
        TRY(session.query(layout.key_field + " in " + list_of(some), fields, 0, Freshness::own)));
  }
  for (const auto& answer : stored.answers) {
    const size_t rows = row_count(answer.fields_data());
    const auto columns = TRY(Columns::read(answer.fields_data(), rows));
    for (size_t row = 0; row < rows; ++row) {
      const auto id = columns.integer(layout.key_field, row);
      const auto vector = columns.vector(layout.vector_field, row, layout.schema.dim);
      if (!id || vector.empty())
        return Error(ErrorKind::corrupt, session.place.shown() + ": the server's answer lacks a vector");
      stored.vectors[*id] = vector;
    }
  }
  return stored;
}

Result<void> visit_records(const Session& session, const std::string& condition,
                           const std::function<bool(const Record&)>& visit) {
  uint32_t rows = kPage;
  for (std::string after;;) {
    const std::string expression =
        condition.empty() || after.empty() ? condition + after : condition + " && " + after;
    const auto answer = session.query(expression, session.layout.fields, rows, Freshness::own);
    if (!answer.ok() && answer.error().kind() == ErrorKind::too_large && rows > 1) {
      rows = std::max(1u, rows / 8);
      continue;
    }
    const Page page = TRY(read_page(session.layout, TRY(answer)));
    for (const Record& record : page.records)
      if (!visit(record)) return {};
    if (page.records.size() < rows) return {};
    after = session.layout.text_key ? session.layout.key_field + " > " + page.last_key
                                    : above(session.layout.key_field, page.records.back().id);
  }
}

Result<void> MilvusCollection::for_each_from(int64_t least,
                                             const std::function<bool(const Record&)>& visit) const {
  const auto& layout = state_->session.layout;
  const bool all = least == std::numeric_limits<int64_t>::min();
  if (all || !layout.text_key)
    return visit_records(state_->session, all ? "" : above(layout.key_field, least - 1), visit);
  // Keys that are texts have an order of their own; the ids made of them do not follow it.
  return visit_records(state_->session, "",
                       [&](const Record& record) { return record.id < least || visit(record); });
}

}  // namespace elanus::store_milvus
