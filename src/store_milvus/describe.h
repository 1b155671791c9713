// What a collection on the server is, and who made its vectors.
#pragma once
#include "store_milvus/session.h"

namespace elanus::store_milvus {

// Fields, dimension and maker. not_found: no such collection; mismatch: it has no vector that could be
// searched.
Result<Layout> describe_fields(const Session& session);

// Fills in index and metric. mismatch: there is no index yet.
Result<void> describe_index(const Session& session, Layout& layout);

// Notes the maker of the vectors where describe_fields finds it: as properties, and in the description for
// servers that keep only that.
void sign(const store::ModelId& model, pb::CollectionSchema& schema, pb::CreateCollectionRequest& request);

}  // namespace elanus::store_milvus
