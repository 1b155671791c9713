// What the fault tests have in common: work on a watched disk, and what every crash leaves of it.
// ELANUS_FAULTS=all tries every call instead of a sample, and prints how many; the sample is the same in
// every run.
#pragma once
#include <cstdlib>
#include <functional>
#include <iostream>

#include "store_local/format.h"
#include "store_local/test_disk.h"
#include "store_local/test_folder.h"
#include "store_local/test_history.h"

namespace elanus::store_local {

namespace fs = std::filesystem;

inline bool tries_all() {
  const char* wish = std::getenv("ELANUS_FAULTS");
  return wish != nullptr && std::string(wish) == "all";
}

// Of `calls` + 1 moments each, or about `sample` spread over all of them.
inline std::vector<size_t> moments(size_t calls, size_t sample) {
  std::vector<size_t> chosen;
  const size_t wanted = tries_all() ? calls + 1 : std::min(calls + 1, sample);
  for (size_t i = 0; i < wanted; ++i) chosen.push_back(i * (calls + 1) / wanted);
  return chosen;
}

class Faults : public testing::Test {
 protected:
  explicit Faults(const WriteHistory& history = {16, 20}) : history_(history) {}
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

  // Makes a collection and takes `steps`; one call fails, or all from one on: an error in words, what was
  // acknowledged stays, and when the disk is well again the same process goes on. About 6 * `sample` tries.
  void fail_everywhere(int64_t steps, const UpkeepLimits& limits, size_t sample) {
    {
      TestDisk watched(folder_.path());
      Outcome outcome;
      work(folder_.path() / "store", steps, limits, watched, outcome);
      ASSERT_EQ(outcome.content, history_.after(steps));
      calls_ = watched.calls();
    }
    using Failure = TestDisk::Failure;
    for (const Failure failure : {Failure::no_space, Failure::io, Failure::short_write})
      for (const bool forever : {false, true})
        for (const size_t moment : moments(calls_, sample)) {
          const TestFolder folder;
          const fs::path store = folder.path() / "store";
          const std::string where = "call " + std::to_string(moment) + " fails by " +
                                    std::to_string(static_cast<int>(failure)) + (forever ? " for ever" : "");
          Outcome outcome;
          {
            TestDisk watched(folder.path());
            watched.fail(failure, moment, forever);
            work(store, steps, limits, watched, outcome);
            failures_ += watched.has_failed();
          }
          if (!LocalCollection::exists(store)) {
            ASSERT_TRUE(outcome.content.empty()) << where;
            continue;
          }
          expect_one_of(store, {outcome.content, outcome.or_else.value_or(outcome.content)}, where);
          if (HasFailure()) FAIL() << where;
        }
    EXPECT_GT(failures_, sample);
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
      for (const auto loss : {TestDisk::Loss::all, TestDisk::Loss::none, TestDisk::Loss::some}) {
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

  const WriteHistory history_;
  const TestFolder folder_;
  size_t crashes_ = 0, failures_ = 0, calls_ = 0;

 private:
  // A step that failed while it was being synced may be there after all when the next process looks.
  struct Outcome {
    Content content;
    std::optional<Content> or_else;
  };

  void work(const fs::path& folder, int64_t steps, const UpkeepLimits& limits, const TestDisk& disk,
            Outcome& outcome) const {
    std::unique_ptr<LocalCollection> collection;
    for (int tries = 0; tries < 3 && !collection; ++tries) {
      if (!LocalCollection::exists(folder))
        static_cast<void>(LocalCollection::create(folder, history_.schema()));
      auto opened = LocalCollection::open(folder, OpenMode::read_write, limits);
      if (opened.ok()) collection = std::move(*opened);
    }
    Content& content = outcome.content;
    for (int64_t step = 0; collection && step < steps; ++step) {
      const auto taken = history_.take_step(*collection, step);
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
      EXPECT_EQ(content_of(*collection), content) << "the same process goes on reading what was acknowledged";
    }
  }
};

}  // namespace elanus::store_local
