// The power goes at any call of what is done to a collection as a whole: compact, merge, backup, another
// format, another model, the index, its lists, a rescue.
#include <fstream>
#include <set>

#include "store/merge.h"
#include "store_local/doctor.h"
#include "store_local/maintenance.h"
#include "store_local/reembed.h"
#include "store_local/test_faults.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

TEST_F(Faults, PowerLostWhileCompacting) {
  prepare(folder_.path(), 24);
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk&) {
        const auto done = compact(folder_.path(), to_the_end);
        ASSERT_TRUE(done.ok()) << done.error().message();
        EXPECT_GT(done->dead_slots, 0u);
      },
      [&](const fs::path& image, int64_t, const std::string& where) {
        expect_one_of(image, {history_.after(24)}, where);
      });
}

TEST_F(Faults, PowerLostWhileMerging) {
  const TestFolder other;
  prepare(other.path(), 5);
  const auto from = LocalCollection::open(other.path(), OpenMode::read_only).value();
  prepare(folder_.path(), 1);
  // A later file wins, and all of them have the same time: only what is new is taken over.
  Content merged = history_.after(5);
  for (const auto& [id, step] : history_.after(1)) merged[id] = step;
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk& disk) {
        const auto into = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
        const auto done = store::merge(*from, *into, [](uint64_t) { return true; });
        ASSERT_TRUE(done.ok()) << done.error().message();
        disk.acknowledge(1);
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        const size_t which = expect_one_of(image, {merged, history_.after(1)}, where);
        EXPECT_TRUE(which == 0 || acknowledged < 0) << where;
      });
}

TEST_F(Faults, PowerLostWhileBackingUp) {
  prepare(folder_.path() / "store", 12);
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk& disk) {
        const auto done =
            backup(folder_.path() / "store", folder_.path() / "copy", [](auto, auto) { return true; });
        ASSERT_TRUE(done.ok()) << done.error().message();
        disk.acknowledge(1);
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        expect_one_of(image / "store", {history_.after(12)}, where);
        if (acknowledged < 0 && !LocalCollection::exists(image / "copy")) return;
        expect_one_of(image / "copy", {history_.after(12)}, where);
      });
}

TEST_F(Faults, PowerLostWhileFormat1BecomesTheLatest) {
  const fs::path inputs = ELANUS_SOURCE_DIR "/tests/inputs/store/v1-pictures";
  fs::copy_file(inputs / "library.db", folder_.path() / "library.db");
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk&) { ASSERT_TRUE(LocalCollection::open(folder_.path(), OpenMode::read_write).ok()); },
      [&](const fs::path& image, int64_t, const std::string& where) {
        for (const OpenMode mode : {OpenMode::read_only, OpenMode::read_write}) {
          const auto opened = LocalCollection::open(image, mode);
          ASSERT_TRUE(opened.ok()) << where << ": " << opened.error().message();
          EXPECT_TRUE((*opened)->check().ok()) << where;
          EXPECT_EQ((*opened)->count().value(), 8u) << where;
        }
      });
}

// Segments of library.idx are written, appended to and replaced; whatever a crash leaves of them, the answers
// are the same.
TEST_F(Faults, PowerLostWhileTheIndexIsMadeAndExtended) {
  const WriteHistory wide(8192, 50);
  const auto expect_answers = [&](const fs::path& folder, int64_t steps, const std::string& where) {
    auto opened = LocalCollection::open(folder, OpenMode::read_write);
    ASSERT_TRUE(opened.ok()) << where << ": " << opened.error().message();
    const Content content = content_of(**opened);
    EXPECT_TRUE(content == wide.after(steps) || content == wide.after(steps + 1)) << where;
    expect_searchable(**opened, wide, content, 9);
  };
  std::unique_ptr<LocalCollection> collection =
      LocalCollection::create(folder_.path(), wide.schema()).value();
  for (int64_t step = 0; step < 4; ++step) ASSERT_TRUE(wide.take_step(*collection, step).ok());
  collection.reset();
  fs::remove(folder_.path() / "library.idx");
  crash_everywhere(
      folder_.path(), 12,
      [&](TestDisk& disk) {
        collection = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
        disk.acknowledge(4);
        expect_searchable(*collection, wide, wide.after(4), 9);
        for (int64_t step = 4; step < 8; ++step) {
          ASSERT_TRUE(wide.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
          EXPECT_TRUE(collection->search(wide.vector_of(1, 1), {1}).ok());
        }
        ASSERT_TRUE(fs::exists(folder_.path() / "library.idx")) << "there is no index to lose";
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        expect_answers(image, std::max<int64_t>(acknowledged, 4), where);
      });
}

// The old model's vectors or the new one's, each with their name.
TEST_F(Faults, PowerLostWhileTheModelChanges) {
  const store::ModelId next{"next", "22"};
  prepare(folder_.path(), 5);
  crash_everywhere(
      folder_.path(), 24,
      [&](TestDisk& disk) {
        const auto work = Reembedding::begin(folder_.path(), next, 8).value();
        while (true) {
          const auto waiting = work->next(16).value();
          if (waiting.empty()) break;
          std::vector<int64_t> slots;
          for (const auto& one : waiting) slots.push_back(one.slot);
          ASSERT_TRUE(work->put(slots, std::vector<float>(slots.size() * 8, 1.0f)).ok());
        }
        ASSERT_EQ(work->finish(false).value(), 0u);
        disk.acknowledge(1);
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        auto opened = LocalCollection::open(image, OpenMode::read_write);
        ASSERT_TRUE(opened.ok()) << where << ": " << opened.error().message();
        EXPECT_TRUE((*opened)->check().ok()) << where;
        EXPECT_EQ(content_of(**opened), history_.after(5)) << where;
        const bool changed = (*opened)->schema().model == next;
        EXPECT_EQ((*opened)->schema().dim, changed ? 8u : 16u) << where;
        EXPECT_TRUE(changed || acknowledged < 1) << where;
        if (!changed) return expect_searchable(**opened, history_, history_.after(5), 5);
        EXPECT_GT((*opened)->search(std::vector<float>(8, 1.0f), {1})->at(0).cosine, 0.999f) << where;
      });
}

// What is appended for the lists is there, or not; the answers are the same.
TEST_F(Faults, PowerLostWhileListsAreMade) {
  const WriteHistory wide(8192, 50);
  {
    const auto collection = LocalCollection::create(folder_.path(), wide.schema()).value();
    ASSERT_TRUE(collection->set_index({IndexSpec::Kind::ivf_flat, 4, 4}).ok());
    for (int64_t step = 0; step < 5; ++step) ASSERT_TRUE(wide.take_step(*collection, step).ok());
  }
  crash_everywhere(
      folder_.path(), 12,
      [&](TestDisk& disk) {
        const auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
        ASSERT_TRUE(collection->settle([](uint64_t, uint64_t) { return true; }).value());
        EXPECT_EQ(collection->stats()->lists, 4u);
        ASSERT_TRUE(wide.take_step(*collection, 5).ok());
        disk.acknowledge(6);
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        auto opened = LocalCollection::open(image, OpenMode::read_write);
        ASSERT_TRUE(opened.ok()) << where << ": " << opened.error().message();
        const Content content = content_of(**opened);
        EXPECT_TRUE(content == wide.after(6) || (acknowledged < 6 && content == wide.after(5))) << where;
        expect_searchable(**opened, wide, content, 9);
        EXPECT_TRUE((*opened)->settle([](uint64_t, uint64_t) { return true; }).ok()) << where;
        expect_searchable(**opened, wide, content, 9);
      });
}

// A database that SQLite cannot read, with acknowledged batches in its log, is saved into a new one. After
// any crash the same command saves the same records.
TEST_F(Faults, PowerLostWhileSalvaging) {
  const TestFolder written;
  prepare(written.path() / "store", 300);  // some pages of records that no later step writes
  const fs::path torn = folder_.path() / "torn";
  {
    const auto writer = LocalCollection::open(written.path() / "store", OpenMode::read_write).value();
    for (int64_t step = 300; step < 303; ++step) ASSERT_TRUE(history_.take_step(*writer, step).ok());
    // As a process that is killed leaves it: the log is not in the database yet.
    fs::copy(written.path() / "store", torn);
  }
  ASSERT_GT(fs::file_size(torn / "library.db-wal"), 0u);
  {
    // A page of records that the log does not write again. Its frames: 24 bytes, the page's number first, and
    // the page.
    std::ifstream log(torn / "library.db-wal", std::ios::binary);
    const std::string frames{std::istreambuf_iterator<char>(log), {}};
    std::set<int64_t> again;
    for (size_t at = 32; at + 24 <= frames.size(); at += 24 + 16384)
      again.insert(static_cast<uint8_t>(frames[at + 2]) << 8 | static_cast<uint8_t>(frames[at + 3]));
    const auto connection =
        Connection::open((written.path() / "store/library.db").string(), Access::read_only).value();
    auto pages =
        connection->prepare("SELECT pageno FROM dbstat WHERE name = 'vec' AND pagetype = 'leaf'").value();
    int64_t page = 0;
    while (page == 0 && pages.step().value())
      if (!again.contains(pages.integer(0))) page = pages.integer(0);
    ASSERT_GT(page, 0);
    std::fstream file(torn / "library.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((page - 1) * 16384);
    file << std::string(16384, '\x5a');
  }
  const auto rescued = [](const fs::path& folder) {
    const auto diagnosis = examine(folder, true);
    EXPECT_TRUE(diagnosis.ok()) << diagnosis.error().message();
    return content_of(*LocalCollection::open(folder, OpenMode::read_only).value());
  };
  fs::copy(torn, folder_.path() / "once");
  const Content saved = rescued(folder_.path() / "once");
  ASSERT_TRUE(fs::exists(folder_.path() / "once/library.db.damaged"));
  ASSERT_GT(saved.size(), 20u);
  fs::remove_all(folder_.path() / "once");
  crash_everywhere(
      folder_.path(), 24, [&](TestDisk&) { ASSERT_TRUE(examine(torn, true).ok()); },
      [&](const fs::path& image, int64_t, const std::string& where) {
        EXPECT_EQ(rescued(image / "torn"), saved) << where;
        expect_one_of(image / "torn", {saved}, where);
      });
}

}  // namespace
}  // namespace elanus::store_local
