#include "store_local/reembed.h"

#include <string>

#include "store/validate.h"
#include "store_local/format.h"
#include "store_local/history.h"
#include "store_local/next_model.h"
#include "store_local/readers.h"
#include "store_local/rows.h"
#include "store_local/writer.h"

namespace elanus::store_local {

namespace fs = std::filesystem;

struct Reembedding::State {
  Files files;
  uint32_t dim;
  std::unique_ptr<Connection> connection;  // reads
  RecordReader records;
  int64_t after = 0;  // the slots up to here were given out by next()
  int64_t epoch = 0;  // that they are of
};

Reembedding::Reembedding(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reembedding::~Reembedding() = default;

Result<std::unique_ptr<Reembedding>> Reembedding::begin(const fs::path& folder, const store::ModelId& model,
                                                        uint32_t dim) {
  TRY(store::check_schema({dim, store::Metric::cosine, model}));
  const Files files(folder);
  {
    const auto writer = TRY(Writer::open(files));
    const Identity identity = TRY(read_identity(writer->connection(), files));
    if (identity.schema.model == model)
      return Error(ErrorKind::already_exists, "the collection's vectors are by " + model.name + " already");
    TRY(writer->prepare());
    const auto next = TRY(read_next_model(writer->connection()));
    if (next && (next->model != model || next->dim != dim))
      return Error(ErrorKind::mismatch, "the collection is being embedded anew by " + next->model.name +
                                            ", not by " + model.name + "; --restart gives that up");
    if (!next) TRY(begin_next_model(writer->connection(), model, dim));
  }
  auto connection = TRY(open_for_reading(files.database.string()));
  auto records = TRY(RecordReader::prepare(*connection, kFormat));
  const auto total = static_cast<uint64_t>(TRY(connection->integer("SELECT count(*) FROM image")));
  const auto next = TRY(read_next_model(*connection));
  const Version version = TRY(read_version(*connection));
  auto state = std::unique_ptr<State>(
      new State{files, dim, std::move(connection), std::move(records), 0, version.epoch});
  std::unique_ptr<Reembedding> begun(new Reembedding(std::move(state)));
  begun->total_ = total;
  begun->embedded_ = next ? next->embedded : 0;
  return begun;
}

Result<void> Reembedding::abandon(const fs::path& folder) {
  const auto writer = TRY(Writer::open(Files(folder)));
  TRY(read_identity(writer->connection(), Files(folder)));
  TRY(writer->prepare());
  return drop_next_model(writer->connection());
}

Result<std::vector<Reembedding::Waiting>> Reembedding::next(size_t n) {
  const Transaction transaction = TRY(Transaction::begin_read(*state_->connection));
  const Version version = TRY(read_version(*state_->connection));
  if (version.epoch != state_->epoch) state_->after = 0;  // slots mean other records now
  state_->epoch = version.epoch;
  std::vector<int64_t> slots;
  {
    StatementUse select(
        *TRY(state_->connection->kept("SELECT slot FROM image WHERE slot > ? AND slot NOT IN (SELECT slot "
                                      "FROM vec_next) ORDER BY slot LIMIT ?")));
    select->bind(1, state_->after).bind(2, static_cast<int64_t>(n));
    while (TRY(select->step())) slots.push_back(select->integer(0));
  }
  std::vector<Waiting> waiting;
  for (const int64_t slot : slots) {
    auto record = TRY(state_->records.by_slot(slot));
    if (record) waiting.push_back({slot, std::move(record->picture)});
    state_->after = slot;
  }
  return waiting;
}

Result<void> Reembedding::put(std::span<const int64_t> slots, std::span<const float> vectors) {
  const uint32_t dim = state_->dim;
  for (size_t i = 0; i < slots.size(); ++i) TRY(store::check_vector(vectors.subspan(i * dim, dim), dim));
  const auto writer = TRY(Writer::open(state_->files));
  TRY(writer->prepare());
  Connection& connection = writer->connection();
  Transaction transaction = TRY(Transaction::begin_write(connection));
  if (TRY(read_version(connection)).epoch != state_->epoch) return {};
  uint64_t put = 0;
  {
    Statement insert = TRY(connection.prepare(
        "INSERT OR REPLACE INTO vec_next(slot, v, sum) SELECT slot, ?2, ?3 FROM image WHERE slot = ?1"));
    std::vector<uint16_t> row(dim);
    for (size_t i = 0; i < slots.size(); ++i) {
      store::normalized_f16(vectors.subspan(i * dim, dim), row);
      const std::string_view blob = encode_row(row);
      TRY(insert.bind(1, slots[i]).bind_blob(2, blob).bind(3, row_sum(blob)).run());
      put += static_cast<uint64_t>(sqlite3_changes(connection.handle()));
    }
  }
  TRY(transaction.commit());
  embedded_ += put;
  return {};
}

Result<uint64_t> Reembedding::finish(bool drop_rest) {
  const auto writer = TRY(Writer::open(state_->files));
  TRY(writer->prepare());
  return writer->take_next_model(drop_rest);
}

}  // namespace elanus::store_local
