#include "store_local/upkeep.h"

#include <atomic>
#include <thread>

#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

// Batches large enough for the thread in the background, searches beside them: each sees all that was
// acknowledged.
TEST(Upkeep, RunsBesideWritingAndSearching) {
  constexpr uint32_t kDimensions = 512;
  constexpr int64_t kBatch = 5000, kBatches = 10;
  const TestFolder folder;
  const Files files(folder.path());
  const WriteHistory history(kDimensions, 0);
  {
    const auto collection = LocalCollection::create(folder.path(), history.schema()).value();
    std::atomic<int64_t> acknowledged = 0;
    std::thread searcher([&] {
      while (acknowledged < kBatch * kBatches) {
        const int64_t before = acknowledged;
        const int64_t id = before == 0 ? 0 : before - 1;
        const auto hits = collection->search(history.vector_of(id % 97, 0), {1});
        ASSERT_TRUE(hits.ok()) << hits.error().message();
        if (before > 0) {
          ASSERT_EQ(hits->size(), 1u);
          EXPECT_GT(hits->at(0).cosine, 0.999f);
        }
        ASSERT_GE(static_cast<int64_t>(collection->count().value()), before);
      }
    });
    std::vector<std::vector<float>> vectors;
    for (int64_t i = 0; i < 97; ++i) vectors.push_back(history.vector_of(i, 0));
    for (int64_t batch = 0; batch < kBatches; ++batch) {
      std::vector<store::Item> items;
      for (int64_t id = batch * kBatch; id < (batch + 1) * kBatch; ++id)
        items.push_back({id, vectors[static_cast<size_t>(id) % 97], history.picture_of(id, 0)});
      const auto written = collection->upsert(items);
      EXPECT_TRUE(written.ok()) << written.error().message();
      acknowledged += kBatch;
    }
    searcher.join();
  }
  EXPECT_EQ(fs::file_size(files.log), 0u) << "the log is in the database";
  const auto collection = LocalCollection::open(folder.path(), OpenMode::read_only).value();
  EXPECT_GT(collection->stats()->index_rows, kBatch * kBatches - 1024u) << "all segments that are full";
  EXPECT_EQ(content_of(*collection).size(), static_cast<size_t>(kBatch * kBatches));
  EXPECT_TRUE(collection->check().ok());
}

}  // namespace
}  // namespace elanus::store_local
