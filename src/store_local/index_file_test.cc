// library.idx is only a copy: whatever happens to it, the answers are those of library.db.
#include "store_local/index_file.h"

#include <cstring>
#include <fstream>

#include "store_local/test_library.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class IndexFile : public TestLibrary {
 protected:
  // Three segments and a rest, with rows dead inside and outside of them.
  void fill() {
    write(0, 700);
    write(700, 700);
    erase({3, 600, 1399});
    write(100, 50);
    write(1400, 300);
  }

  // Does `damage` to library.idx and looks at the answers: of a reader, and of a writer that goes on.
  void expect_harmless(const std::function<void()>& damage) {
    close();
    damage();
    open(OpenMode::read_only);
    expect_same_answers();
    close();
    damage();
    open(OpenMode::read_write);
    expect_same_answers();
    write(static_cast<int64_t>(random_() % 1000), 30);
    expect_same_answers();
  }

  // The segments of library.idx that are whole and of this history.
  std::optional<MappedIndex> mapped() {
    auto connection = Connection::open(files_.database.string(), Access::read_only).value();
    const Identity identity = read_identity(*connection, files_).value();
    return map_index(files_, identity, History::read(*connection).value(), nullptr);
  }
};

TEST_F(IndexFile, GrowsWithTheCollection) {
  write(0, 500);
  EXPECT_FALSE(fs::exists(files_.index)) << "a small collection needs none";
  write(500, 600);
  EXPECT_EQ(mapped()->covered(), 1024);
  const auto size = fs::file_size(files_.index);
  write(1100, 500);
  EXPECT_EQ(mapped()->covered(), 1536);
  EXPECT_GT(fs::file_size(files_.index), size);
  EXPECT_TRUE(mapped()->whole);
  expect_same_answers();
  open(OpenMode::read_only);
  expect_same_answers();
}

TEST_F(IndexFile, IsUsedByOtherProcessesAsTheWriterGrowsIt) {
  write(0, 600);
  const auto reader = LocalCollection::open(files_.folder, OpenMode::read_only).value();
  expect_same_answers(*reader);
  for (int i = 1; i < 5; ++i) {
    write(600 * i, 600);
    erase({600 * i - 1});
    expect_same_answers(*reader);
  }
}

TEST_F(IndexFile, AMissingOneIsMadeAnew) {
  fill();
  expect_harmless([&] { fs::remove(files_.index); });
  EXPECT_EQ(mapped()->covered(), 1536);
  fs::remove(files_.index);
  open(OpenMode::read_only);
  expect_same_answers();
  EXPECT_EQ(mapped()->covered(), 1536) << "by a reader too";
}

TEST_F(IndexFile, TruncationIsHarmless) {
  fill();
  close();
  const std::string whole = content(files_.index);
  for (const size_t size : {size_t{0}, size_t{1}, size_t{127}, size_t{128}, size_t{129}, size_t{255},
                            size_t{300}, whole.size() / 2, whole.size() - 65, whole.size() - 1})
    expect_harmless([&] { overwrite(files_.index, whole.substr(0, size)); });
}

TEST_F(IndexFile, TornAndTrailingBytesAreHarmless) {
  fill();
  close();
  const std::string whole = content(files_.index);
  expect_harmless([&] { overwrite(files_.index, whole + "torn"); });
  expect_harmless([&] { overwrite(files_.index, whole + whole); });
  expect_harmless([&] { overwrite(files_.index, whole + std::string(1 << 20, '\0')); });
  expect_harmless([&] { overwrite(files_.index, std::string(1 << 20, 'x')); });
}

TEST_F(IndexFile, FlippedBitsAreHarmless) {
  fill();
  close();
  const std::string whole = content(files_.index);
  for (int i = 0; i < 16; ++i) {
    std::string damaged = whole;
    // Half of the flips hit the headers, which are few bytes of many.
    const size_t at = i % 2 == 0 ? random_() % 600 : random_() % whole.size();
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random_() % 8));
    expect_harmless([&] { overwrite(files_.index, damaged); });
  }
}

TEST_F(IndexFile, AFolderInItsPlaceIsHarmless) {
  fill();
  expect_harmless([&] {
    fs::remove_all(files_.index);
    fs::create_directory(files_.index);
  });
  close();
  fs::remove_all(files_.index);
}

TEST_F(IndexFile, AnotherStoresFileIsNotUsed) {
  write(0, 1200);
  close();
  const std::string other = content(files_.index);
  ASSERT_TRUE(LocalCollection::drop(files_.folder).ok());
  reset();
  write(0, 1200);
  expect_harmless([&] { overwrite(files_.index, other); });
}

TEST_F(IndexFile, AFutureVersionIsMadeAnew) {
  fill();
  close();
  std::string future = content(files_.index);
  const uint32_t version = kIndexVersion + 1;
  std::memcpy(future.data() + 8, &version, sizeof version);
  const std::string hash = io::content_hash(std::as_bytes(std::span(future.data(), 96)));
  std::copy(hash.begin(), hash.end(), future.begin() + 96);
  expect_harmless([&] { overwrite(files_.index, future); });
}

TEST_F(IndexFile, AWriterReplacesWhatItCannotAppendTo) {
  fill();
  close();
  overwrite(files_.index, content(files_.index) + "torn");
  EXPECT_FALSE(mapped()->whole);
  open(OpenMode::read_write);
  write(1700, 600);
  EXPECT_TRUE(mapped()->whole);
  EXPECT_EQ(mapped()->covered(), 2048);
  expect_same_answers();
}

// A backup of library.db is put back, and other pictures get the slots that library.idx has rows for. The
// backup was made between two sessions or in the middle of one, before or after some were erased.
class IndexFileAfterRestore : public IndexFile, public testing::WithParamInterface<bool> {};

TEST_P(IndexFileAfterRestore, AFileOfAnUndoneHistoryIsNotUsed) {
  const bool between_sessions = GetParam();
  const fs::path backup = folder_.path() / "backup.db";
  write(0, 600);
  if (between_sessions) open(OpenMode::read_write);
  {
    auto connection = Connection::open(files_.database.string(), Access::read_only).value();
    ASSERT_TRUE(connection->execute(("VACUUM INTO '" + backup.string() + "'").c_str()).ok());
  }
  erase({5, 6, 7});
  write(600, 600);
  close();
  const std::string later = content(files_.index);
  ASSERT_EQ(mapped()->covered(), 1024);

  // The oracle goes back too: the first write again, from the same seed.
  ASSERT_TRUE(LocalCollection::drop(files_.folder).ok());
  reset();
  random_.seed(42);
  write(0, 600);
  close();
  for (const fs::path& path : {files_.log, files_.shared_memory}) fs::remove(path);
  fs::copy_file(backup, files_.database, fs::copy_options::overwrite_existing);
  overwrite(files_.index, later);
  open(OpenMode::read_only);
  expect_same_answers();
  open(OpenMode::read_write);
  expect_same_answers();
  random_.seed(43);
  write(600, 600);
  erase({1, 2, 3});
  expect_same_answers();
  close();
  overwrite(files_.index, later);
  open(OpenMode::read_only);
  expect_same_answers();
}

INSTANTIATE_TEST_SUITE_P(Backup, IndexFileAfterRestore, testing::Bool());

TEST_F(IndexFile, AReaderThatCannotWriteKeepsTheRowsInMemory) {
  fill();
  close();
  // Nobody can make a file where there is a folder.
  fs::remove(files_.index);
  fs::create_directory(files_.new_index);
  open(OpenMode::read_only);
  expect_same_answers();
  EXPECT_FALSE(fs::exists(files_.index));
  const auto reader = std::move(collection_);
  open(OpenMode::read_write);
  for (int i = 0; i < 4; ++i) {
    write(1700 + 300 * i, 300);
    erase({1700 + 300 * i});
    expect_same_answers(*reader);
    expect_same_answers();
  }
}

}  // namespace
}  // namespace elanus::store_local
