// Collections that are searched through lists: whatever is written and whatever happens to the file, answers
// are those of comparing every vector, as far as the lists promise.
#include <fstream>

#include "index/recall.h"
#include "store_local/doctor.h"
#include "store_local/maintenance.h"
#include "store_local/test_library.h"
#include "tests/support/clip_like.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;
using Kind = IndexSpec::Kind;

const auto kGoOn = [](uint64_t, uint64_t) { return true; };

TEST(IndexSpec, SaysWhatItIs) {
  for (const char* text : {"auto", "flat", "coded", "lists", "ivf_flat,nlist=64,nprobe=3"})
    EXPECT_EQ(to_string(parse_index_spec(text).value()), text);
  EXPECT_EQ(parse_index_spec("ivf_flat").value(), (IndexSpec{Kind::ivf_flat, 512, 16}));
  EXPECT_EQ(parse_index_spec("ivf_flat,nprobe=5").value(), (IndexSpec{Kind::ivf_flat, 512, 5}));
  for (const char* text :
       {"", "hnsw", "flat,nlist=3", "ivf_flat,nlist=0", "ivf_flat,nlist=65537", "ivf_flat,nlist", "ivf_flat,",
        "ivf_flat,nlist=3,", "ivf_flat,ef=3", "ivf_flat,nlist=-1"})
    EXPECT_EQ(parse_index_spec(text).error().kind(), ErrorKind::invalid_argument) << text;
  EXPECT_FALSE((IndexSpec{}.wants_lists(1'999'999)));
  EXPECT_TRUE((IndexSpec{}.wants_lists(2'000'000))) << "by itself from two million on";
}

// All lists are looked into, so the answers are those of the in-memory store, whatever was written in which
// order.
class AllLists : public TestLibrary {
 protected:
  AllLists() { EXPECT_TRUE(collection_->set_index({Kind::ivf_flat, 8, 8}).ok()); }
  bool settle() {
    const auto settled = collection_->settle(kGoOn);
    EXPECT_TRUE(settled.ok()) << settled.error().message();
    return settled.ok() && *settled;
  }
  uint64_t listed() { return collection_->stats().value().listed_rows; }
};

TEST_F(AllLists, RandomHistory) {
  int64_t next = 1;
  for (int step = 0; step < 16 && !HasFailure(); ++step) {
    switch (random_() % 4) {
      case 0:
        write(next, 300);
        next += 300;
        break;
      case 1:
        if (next > 100) write(static_cast<int64_t>(random_() % static_cast<uint64_t>(next - 50)) + 1, 40);
        break;
      case 2: {
        std::vector<int64_t> gone;
        for (int64_t id = 1; id < next; ++id)
          if (random_() % 20 == 0 && oracle_->get(id).ok()) gone.push_back(id);
        erase(gone);
        break;
      }
      case 3:
        settle();
        if (random_() % 3 == 0) open(random_() % 2 == 0 ? OpenMode::read_only : OpenMode::read_write);
        if (random_() % 5 == 0) {
          close();
          ASSERT_TRUE(compact(files_.folder, kGoOn).ok());
        }
        open(OpenMode::read_write);
        break;
    }
    expect_same_answers();
  }
}

TEST_F(AllLists, AreMadeWhenDueAndSurvive) {
  EXPECT_FALSE(settle()) << "nothing to gather yet";
  write(1, 1100);
  EXPECT_TRUE(settle());
  EXPECT_EQ(listed(), 1024u);
  EXPECT_FALSE(settle());
  write(1101, 300);
  EXPECT_FALSE(settle()) << "has not grown by half";
  write(1401, 600);
  EXPECT_TRUE(settle());
  EXPECT_EQ(listed(), 1536u);
  expect_same_answers();
  open(OpenMode::read_only);
  EXPECT_EQ(listed(), 1536u);
  EXPECT_EQ(collection_->settle(kGoOn).error().kind(), ErrorKind::permission);
  open(OpenMode::read_write);
  ASSERT_TRUE(collection_->set_index({Kind::ivf_flat, 16, 16}).ok());
  EXPECT_EQ(listed(), 0u) << "lists of another number are not used";
  EXPECT_EQ(collection_->settle([](uint64_t, uint64_t) { return false; }).error().kind(),
            ErrorKind::cancelled);
  EXPECT_TRUE(settle());
  EXPECT_EQ(collection_->stats()->lists, 16u);
  ASSERT_TRUE(collection_->set_index({Kind::flat}).ok());
  EXPECT_EQ(listed(), 0u);
  expect_same_answers();
}

TEST_F(AllLists, DamageIsHarmless) {
  write(1, 1100);
  ASSERT_TRUE(settle());
  close();
  std::string whole;
  {
    std::ifstream file(files_.index, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(file), {});
  }
  const size_t lists = whole.find("ELANLST1");
  ASSERT_NE(lists, std::string::npos);
  for (int i = 0; i < 8 && !HasFailure(); ++i) {
    std::string damaged = whole;
    if (i % 4 == 3)
      damaged.resize(lists + random_() % (whole.size() - lists));
    else
      damaged[(i % 4 == 0 ? whole.size() - 4096 : lists) + random_() % 4096] ^= 0x10;
    std::ofstream(files_.index, std::ios::binary | std::ios::trunc) << damaged;
    open(OpenMode::read_only);
    expect_same_answers();
    close();
    if (i == 0) {
      EXPECT_FALSE(examine(files_.folder, false)->sound());
    }
    open(OpenMode::read_write);
    settle();
    expect_same_answers();
    close();
  }
}

// Lists of codes over pictures like CLIP's.
TEST(CodedLists, FindWhatComparingEverythingFinds) {
  constexpr uint32_t kWide = 512;
  const testing_support::ClipLike clip(kWide);
  const TestFolder folder;
  const auto collection =
      LocalCollection::create(folder.path() / "store", {kWide, store::Metric::cosine, {"m", "h"}}).value();
  ASSERT_TRUE(collection->set_index({Kind::lists}).ok());
  const auto write = [&](int64_t first, int64_t n) {
    std::vector<float> vectors(static_cast<size_t>(n) * kWide);
    std::vector<store::Item> items;
    for (int64_t id = first; id < first + n; ++id) {
      const auto vector = std::span(vectors).subspan(static_cast<size_t>(id - first) * kWide, kWide);
      clip.picture(static_cast<uint64_t>(id), vector);
      store::Picture picture;
      picture.path = "p" + std::to_string(id);
      if (id % 4 == 0) picture.label = "fourth";
      if (id % 100 == 0) picture.label = "rare";
      items.push_back({id, vector, picture});
    }
    ASSERT_TRUE(collection->upsert(items).ok());
  };
  write(0, 6000);
  ASSERT_TRUE(collection->settle(kGoOn).value());
  EXPECT_EQ(collection->stats()->lists, 256u);
  const std::vector<int64_t> gone{1, 2, 3, 500, 501, 4000};
  ASSERT_TRUE(collection->erase(gone).ok());
  write(5900, 200);
  std::vector<float> queries(60 * kWide);
  for (size_t q = 0; q < 60; ++q) clip.text(q, std::span(queries).subspan(q * kWide, kWide));
  const auto ids = [](const std::vector<store::Hit>& hits) {
    std::vector<int64_t> all;
    for (const store::Hit& hit : hits) all.push_back(hit.id);
    return all;
  };
  const auto recall = [&](store::Effort effort, const store::Filter& filter) {
    const auto truth = collection->search_batch(queries, {10, filter, store::Effort::exact}).value();
    const auto found = collection->search_batch(queries, {10, filter, effort}).value();
    double sum = 0;
    for (size_t q = 0; q < truth.size(); ++q) {
      EXPECT_EQ(found[q].size(), 10u);
      sum += index::recall_at_k(ids(truth[q]), ids(found[q]), 10);
    }
    return sum / static_cast<double>(truth.size());
  };
  const auto labelled = [](const char* label) {
    return store::Filter{store::TextIs{store::TextField::label, store::TextMatch::equal, label}};
  };
  EXPECT_GE(recall(store::Effort::balanced, {}), 0.995);
  EXPECT_GE(recall(store::Effort::fast, {}), 0.965);
  EXPECT_GE(recall(store::Effort::balanced, labelled("fourth")), 0.99);
  EXPECT_EQ(recall(store::Effort::fast, labelled("rare")), 1) << "few are compared one by one";
}

}  // namespace
}  // namespace elanus::store_local
