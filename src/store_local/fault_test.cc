// The power goes at any call that changes a file, and any such call fails: nothing that was acknowledged is
// lost, nothing else is half there, and every search answers rightly. ELANUS_FAULTS=all tries every call
// instead of a sample, and prints how many; the sample is the same in every run.
#include <cstdlib>
#include <functional>
#include <iostream>

#include "store/merge.h"
#include "store_local/format.h"
#include "store_local/maintenance.h"
#include "store_local/reembed.h"
#include "store_local/test_disk.h"
#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;
using Loss = TestDisk::Loss;
using Failure = TestDisk::Failure;

bool tries_all() {
  const char* wish = std::getenv("ELANUS_FAULTS");
  return wish != nullptr && std::string(wish) == "all";
}

// Of `calls` + 1 moments each, or about `sample` spread over all of them.
std::vector<size_t> moments(size_t calls, size_t sample) {
  std::vector<size_t> chosen;
  const size_t wanted = tries_all() ? calls + 1 : std::min(calls + 1, sample);
  for (size_t i = 0; i < wanted; ++i) chosen.push_back(i * (calls + 1) / wanted);
  return chosen;
}

class Faults : public testing::Test {
 protected:
  // Numbers of what was tried and found, for the report.
  ~Faults() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::cout << "  " << test->name() << ": " << crashes_ << " crashes and " << failures_
              << " failed calls of " << calls_ << " calls, lost: " << (HasFailure() ? "see above" : "nothing")
              << "\n";
  }

  // Steps 0 to n - 1 of the history in a new store.
  void prepare(const fs::path& folder, int64_t steps) {
    const auto collection = LocalCollection::create(folder, history_.schema()).value();
    for (int64_t step = 0; step < steps; ++step) ASSERT_TRUE(history_.take_step(*collection, step).ok());
  }

  // The store is whole and holds one of these; says which.
  size_t expect_one_of(const fs::path& folder, const std::vector<Content>& allowed,
                       const std::string& where) {
    Content content;
    {
      auto reader = LocalCollection::open(folder, OpenMode::read_only);
      EXPECT_TRUE(reader.ok()) << where << ": " << reader.error().message();
      if (!reader.ok()) return 0;
      content = content_of(**reader);
    }
    const auto found = std::find(allowed.begin(), allowed.end(), content);
    EXPECT_TRUE(found != allowed.end())
        << where << ": " << content.size() << " records, which are none of the states";
    auto writer = LocalCollection::open(folder, OpenMode::read_write);
    EXPECT_TRUE(writer.ok()) << where << ": " << writer.error().message();
    if (!writer.ok() || found == allowed.end()) return 0;
    const auto checked = (*writer)->check();
    EXPECT_TRUE(checked.ok()) << where << ": " << checked.error().message();
    expect_searchable(**writer, history_, content, 5);
    const std::vector<float> vector = history_.vector_of(7, 7);
    const auto written =
        (*writer)->upsert(std::vector<store::Item>{{std::nullopt, vector, history_.picture_of(5000, 0)}});
    EXPECT_TRUE(written.ok()) << where << ": " << written.error().message();
    EXPECT_EQ((*writer)->count().value(), content.size() + 1);
    return static_cast<size_t>(found - allowed.begin());
  }

  // Runs `work` on a watched folder, then looks at what crashes leave of it.
  void crash_everywhere(const fs::path& folder, size_t sample, const std::function<void(TestDisk&)>& work,
                        const std::function<void(const fs::path&, int64_t, const std::string&)>& expect) {
    std::optional<TestDisk> watched(folder);
    work(*watched);
    if (HasFailure()) return;
    const size_t calls = watched->calls();
    calls_ += calls;
    ASSERT_GT(calls, 3u) << "the disk saw nothing";
    const TestFolder images;
    for (const size_t moment : moments(calls, sample))
      for (const Loss loss : {Loss::all, Loss::none, Loss::some}) {
        const fs::path image = images.path() / "image";
        fs::create_directories(image);
        int64_t acknowledged = watched->crash(moment, loss, moment, image);
        expect(image, acknowledged,
               "crash after call " + std::to_string(moment) + ", loss " +
                   std::to_string(static_cast<int>(loss)));
        ++crashes_;
        if (HasFailure()) return;
        fs::remove_all(image);
      }
  }

  const WriteHistory history_{16, 20};
  const TestFolder folder_;
  size_t crashes_ = 0, failures_ = 0, calls_ = 0;
};

TEST_F(Faults, PowerLostWhileMakingAndWriting) {
  crash_everywhere(
      folder_.path(), 50,
      [&](TestDisk& disk) {
        const auto collection = LocalCollection::create(folder_.path() / "store", history_.schema()).value();
        disk.acknowledge(0);
        for (int64_t step = 0; step < 12; ++step) {
          ASSERT_TRUE(history_.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
        }
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        if (acknowledged < 0 && !LocalCollection::exists(image / "store")) return;
        const int64_t steps = std::max<int64_t>(acknowledged, 0);
        expect_one_of(image / "store", {history_.after(steps), history_.after(steps + 1)}, where);
      });
}

// What the log holds goes into the database itself.
TEST_F(Faults, PowerLostWhileTheLogIsEmptied) {
  prepare(folder_.path(), 1);
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk& disk) {
        const auto collection = LocalCollection::open(folder_.path(), OpenMode::read_write).value();
        for (int64_t step = 1; step < 40; ++step) {
          ASSERT_TRUE(history_.take_step(*collection, step).ok());
          disk.acknowledge(step + 1);
        }
        auto emptied = Connection::open((folder_.path() / "library.db").string(), Access::read_write).value();
        ASSERT_TRUE(emptied->execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
      },
      [&](const fs::path& image, int64_t acknowledged, const std::string& where) {
        const int64_t steps = std::max<int64_t>(acknowledged, 1);
        expect_one_of(image, {history_.after(steps), history_.after(steps + 1)}, where);
      });
}

TEST_F(Faults, PowerLostWhileCompacting) {
  prepare(folder_.path(), 24);
  crash_everywhere(
      folder_.path(), 40,
      [&](TestDisk&) {
        const auto done = compact(folder_.path());
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

// One call fails, or all from one on: an error in words, what was acknowledged stays, and when the disk is
// well again the same process goes on.
TEST_F(Faults, AnyCallFails) {
  size_t all_calls = 0;
  // A step that failed while it was being synced may be there after all when the next process looks.
  struct Outcome {
    Content content;
    std::optional<Content> or_else;
  };
  const auto work = [&](const fs::path& folder, TestDisk& disk, Outcome& outcome) {
    Content& content = outcome.content;
    auto created = LocalCollection::create(folder, history_.schema());
    for (int retry = 0; retry < 2 && !created.ok(); ++retry)
      created = LocalCollection::exists(folder) ? LocalCollection::open(folder, OpenMode::read_write)
                                                : LocalCollection::create(folder, history_.schema());
    if (!created.ok()) return;
    for (int64_t step = 0; step < 9; ++step) {
      const auto taken = history_.take_step(**created, step);
      if (taken.ok()) {
        const Content before = content;
        history_.apply(step, content);
        // What erased nothing wrote nothing, and says nothing about the step before.
        if (content != before) outcome.or_else.reset();
        continue;
      }
      if (!outcome.or_else) history_.apply(step, outcome.or_else.emplace(content));
      EXPECT_TRUE(disk.has_failed()) << taken.error().message();
      EXPECT_THAT(taken.error().kind(), testing::AnyOf(ErrorKind::no_space, ErrorKind::io))
          << taken.error().message();
      EXPECT_EQ(content_of(**created), content) << "the same process goes on reading what was acknowledged";
    }
  };
  {
    TestDisk watched(folder_.path());
    Outcome outcome;
    work(folder_.path() / "store", watched, outcome);
    ASSERT_EQ(outcome.content, history_.after(9));
    all_calls = watched.calls();
    calls_ = all_calls;
  }
  for (const Failure failure : {Failure::no_space, Failure::io, Failure::short_write})
    for (const bool forever : {false, true})
      for (const size_t moment : moments(all_calls, 30)) {
        const TestFolder folder;
        const fs::path store = folder.path() / "store";
        const std::string where = "call " + std::to_string(moment) + " fails by " +
                                  std::to_string(static_cast<int>(failure)) + (forever ? " for ever" : "");
        Outcome outcome;
        {
          TestDisk watched(folder.path());
          watched.fail(failure, moment, forever);
          work(store, watched, outcome);
          failures_ += watched.has_failed();
        }
        if (!LocalCollection::exists(store)) {
          ASSERT_TRUE(outcome.content.empty()) << where;
          continue;
        }
        expect_one_of(store, {outcome.content, outcome.or_else.value_or(outcome.content)}, where);
        if (HasFailure()) FAIL() << where;
      }
  EXPECT_GT(failures_, 50u);
}

}  // namespace
}  // namespace elanus::store_local
