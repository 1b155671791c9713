// May this model's vectors meet the vectors of this collection?
#pragma once
#include "base/result.h"
#include "store/collection.h"

namespace elanus::store {

// mismatch, in words, when the collection was made by another model or for another dimension. A collection of
// vectors brought from outside (no hash) accepts any model of its dimension.
Result<void> check_model(const Schema& schema, const ModelId& model, uint32_t dim);

}  // namespace elanus::store
