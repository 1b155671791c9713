// What a MilvusCollection holds.
#pragma once
#include <mutex>

#include "store_milvus/directory.h"
#include "store_milvus/milvus_collection.h"
#include "store_milvus/session.h"

namespace elanus::store_milvus {

struct MilvusCollection::State {
  Session session;
  OpenMode mode = OpenMode::read_only;
  std::mutex writing;
  Directory directory{session};
};

}  // namespace elanus::store_milvus
