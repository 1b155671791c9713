// What a collection on the server is, and who made its vectors.
#pragma once
#include <cstdint>
#include <optional>

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

// The highest id that a record of ours has or had, as far as keep_highest_id kept it.
Result<std::optional<int64_t>> kept_highest_id(const Session& session);
// Notes it in the properties. unsupported: this server keeps none that come later.
Result<void> keep_highest_id(const Session& session, int64_t id);

}  // namespace elanus::store_milvus
