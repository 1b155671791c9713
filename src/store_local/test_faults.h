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

  const WriteHistory history_{16, 20};
  const TestFolder folder_;
  size_t crashes_ = 0, failures_ = 0, calls_ = 0;
};

}  // namespace elanus::store_local
