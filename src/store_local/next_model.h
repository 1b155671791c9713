// The tables of a model whose vectors gather beside those that serve (store_local/reembed.h).
#pragma once
#include <optional>

#include "base/result.h"
#include "store_local/local_collection.h"
#include "store_local/sqlite.h"

namespace elanus::store_local {

Result<std::optional<NextModel>> read_next_model(Connection& connection);

// One transaction each.
Result<void> begin_next_model(Connection& connection, const store::ModelId& model, uint32_t dim);
Result<void> drop_next_model(Connection& connection);

// Inside a write transaction. How many records have no vector by the next model.
Result<uint64_t> count_without_next(Connection& connection);
// Drops these records, and makes the next model's vectors and name the collection's.
Result<void> make_next_current(Connection& connection);

}  // namespace elanus::store_local
