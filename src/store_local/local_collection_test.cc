#include "store_local/local_collection.h"

#include <filesystem>

#include "store/contract.h"
#include "store_local/test_folder.h"

namespace elanus::store {
namespace {

using store_local::LocalCollection;
using store_local::OpenMode;

class OnDisk final : public StoreUnderTest {
 public:
  explicit OnDisk(const Schema& schema)
      : collection_(LocalCollection::create(folder_.path(), schema).value()) {}
  Collection& collection() override { return *collection_; }
  void reopen() override {
    collection_.reset();
    collection_ = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
    EXPECT_TRUE(collection_->check().ok()) << collection_->check().error().message();
  }

 private:
  store_local::TestFolder folder_;
  std::unique_ptr<LocalCollection> collection_;
};

INSTANTIATE_TEST_SUITE_P(Local, CollectionContract,
                         testing::Values(StoreFactory{"local", [](const Schema& schema) {
                                                        return std::make_unique<OnDisk>(schema);
                                                      }}));

}  // namespace
}  // namespace elanus::store
