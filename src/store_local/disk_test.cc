// The watched disk of the fault tests, and the calls of the C library that it catches.
#include "store_local/test_disk.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <fstream>

#include "store_local/test_folder.h"

namespace elanus::store_local {
namespace {

namespace fs = std::filesystem;

std::atomic<TestDisk*> attached{nullptr};

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool lives_in_memory(const std::string& name) { return name.ends_with("-shm") || name.ends_with(".lock"); }

int open_watched(const char* path, int flags, mode_t mode) {
  static auto* const next_open = real<int(const char*, int, ...)>("open");
  TestDisk* watching = attached;
  if (watching == nullptr || !watching->watches(path)) return next_open(path, flags, mode);
  struct stat info {};
  const bool is_new = ::stat(path, &info) != 0;
  if (is_new && (flags & O_CREAT) != 0)
    if (const auto verdict = watching->judge(true, 0); verdict.error != 0) {
      errno = verdict.error;
      return -1;
    }
  const int fd = next_open(path, flags, mode);
  if (fd >= 0) watching->opened(fd, path, is_new, (flags & O_TRUNC) != 0);
  return fd;
}

template <class Write>
ssize_t write_watched(int fd, const void* data, size_t size, off_t offset, const Write& write) {
  TestDisk* watching = attached;
  if (watching == nullptr || !watching->knows(fd)) return write(size);
  const auto verdict = watching->judge(true, size);
  if (verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  const ssize_t written = write(verdict.bytes.value_or(size));
  if (written > 0) watching->wrote(fd, static_cast<uint64_t>(offset), data, static_cast<size_t>(written));
  return written;
}

// Nothing is really synced: what would be lost is known here, and the tests do not wait for a disk.
int sync_watched(int fd, const char* name) {
  TestDisk* watching = attached;
  if (watching == nullptr || !watching->knows(fd)) return real<int(int)>(name)(fd);
  if (const auto verdict = watching->judge(false, 0); verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  watching->synced(fd);
  return 0;
}

int resize_watched(int fd, off_t size) {
  static auto* const next = real<int(int, off_t)>("ftruncate");
  TestDisk* watching = attached;
  if (watching == nullptr || !watching->knows(fd)) return next(fd, size);
  if (const auto verdict = watching->judge(true, 0); verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  const int result = next(fd, size);
  if (result == 0) watching->resized(fd, static_cast<uint64_t>(size));
  return result;
}

int remove_watched(const char* path) {
  static auto* const next = real<int(const char*)>("unlink");
  TestDisk* watching = attached;
  if (watching == nullptr || !watching->watches(path)) return next(path);
  struct stat info {};
  if (::lstat(path, &info) != 0) return next(path);
  if (const auto verdict = watching->judge(false, 0); verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  const int result = next(path);
  if (result == 0) watching->removed(path);
  return result;
}

int name_watched(const char* call, const char* from, const char* to,
                 void (TestDisk::*note)(const std::string&, const std::string&)) {
  auto* const next = real<int(const char*, const char*)>(call);
  TestDisk* watching = attached;
  if (watching == nullptr || !watching->watches(from)) return next(from, to);
  if (const auto verdict = watching->judge(true, 0); verdict.error != 0) {
    errno = verdict.error;
    return -1;
  }
  const int result = next(from, to);
  if (result == 0) (watching->*note)(from, to);
  return result;
}

}  // namespace
}  // namespace elanus::store_local

// NOLINTBEGIN: the names and types of the C library
extern "C" {
int open(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
  va_end(list);
  return elanus::store_local::open_watched(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
  va_end(list);
  return elanus::store_local::open_watched(path, flags, mode);
}
int close(int fd) {
  static auto* const next = elanus::store_local::real<int(int)>("close");
  if (auto* watching = elanus::store_local::attached.load()) watching->closed(fd);
  return next(fd);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  static auto* const next = elanus::store_local::real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return elanus::store_local::write_watched(fd, data, size, offset,
                                            [&](size_t n) { return next(fd, data, n, offset); });
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return pwrite(fd, data, size, offset);
}
ssize_t write(int fd, const void* data, size_t size) {
  static auto* const next = elanus::store_local::real<ssize_t(int, const void*, size_t)>("write");
  const off_t at = elanus::store_local::attached.load() != nullptr ? ::lseek(fd, 0, SEEK_CUR) : 0;
  return elanus::store_local::write_watched(fd, data, size, at, [&](size_t n) { return next(fd, data, n); });
}
int ftruncate(int fd, off_t size) noexcept { return elanus::store_local::resize_watched(fd, size); }
int ftruncate64(int fd, off64_t size) noexcept { return elanus::store_local::resize_watched(fd, size); }
int fsync(int fd) { return elanus::store_local::sync_watched(fd, "fsync"); }
int fdatasync(int fd) { return elanus::store_local::sync_watched(fd, "fdatasync"); }
int unlink(const char* path) noexcept { return elanus::store_local::remove_watched(path); }
int remove(const char* path) noexcept {
  static auto* const next = elanus::store_local::real<int(const char*)>("remove");
  auto* watching = elanus::store_local::attached.load();
  return watching != nullptr && watching->watches(path) ? ::unlink(path) : next(path);
}
int rename(const char* from, const char* to) noexcept {
  return elanus::store_local::name_watched("rename", from, to, &elanus::store_local::TestDisk::renamed);
}
int link(const char* from, const char* to) noexcept {
  return elanus::store_local::name_watched("link", from, to, &elanus::store_local::TestDisk::linked);
}
}
// NOLINTEND

namespace elanus::store_local {

TestDisk::TestDisk(const fs::path& folder) : folder_(folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || lives_in_memory(entry.path().native())) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    contents_at_begin_.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    names_at_begin_[relative(entry.path().native())] = files_++;
  }
  names_ = names_at_begin_;
  attached = this;
}

TestDisk::~TestDisk() { attached = nullptr; }

std::string TestDisk::relative(const std::string& path) const {
  return path.size() <= folder_.native().size() ? "" : path.substr(folder_.native().size() + 1);
}

bool TestDisk::watches(const std::string& path) const {
  return path.starts_with(folder_.native()) && !path.ends_with(".lock");
}

void TestDisk::note(Call call) {
  if (call.kind != Call::Kind::acknowledge) ++counted_;
  calls_.push_back(std::move(call));
}

size_t TestDisk::calls() const {
  std::lock_guard lock(mutex_);
  return counted_;
}

void TestDisk::acknowledge(int64_t number) {
  std::lock_guard lock(mutex_);
  note({.kind = Call::Kind::acknowledge, .number = static_cast<uint64_t>(number)});
}

void TestDisk::fail(Failure failure, size_t at, bool forever) {
  failure_ = failure;
  fail_at_ = at;
  fail_forever_ = forever;
}

TestDisk::Verdict TestDisk::judge(bool can_be_full, size_t write_size) {
  std::lock_guard lock(mutex_);
  const size_t call = judged_++;
  if (!failure_ || !(call == fail_at_ || full_ || (fail_forever_ && call > fail_at_))) return {};
  if (full_) {
    full_ = fail_forever_;
    return {.error = ENOSPC};
  }
  if (*failure_ == Failure::io) {
    failed_ = true;
    return {.error = EIO};
  }
  if (!can_be_full) return {};
  failed_ = true;
  if (*failure_ == Failure::no_space || write_size < 2) return {.error = ENOSPC};
  full_ = true;
  return {.bytes = write_size / 2};
}

void TestDisk::opened(int fd, const std::string& path, bool is_new, bool truncated) {
  std::lock_guard lock(mutex_);
  const std::string name = relative(path);
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    file_of_fd_[fd] = -1;
    return;
  }
  if (is_new || !names_.contains(name)) {
    names_[name] = files_++;
    note({.kind = Call::Kind::create, .name = name, .file = names_[name]});
  }
  file_of_fd_[fd] = names_[name];
  if (truncated && !is_new) note({.kind = Call::Kind::resize, .file = names_[name]});
}

void TestDisk::closed(int fd) {
  std::lock_guard lock(mutex_);
  file_of_fd_.erase(fd);
}

bool TestDisk::knows(int fd) const {
  std::lock_guard lock(mutex_);
  return file_of_fd_.contains(fd);
}

void TestDisk::wrote(int fd, uint64_t offset, const void* data, size_t size) {
  std::lock_guard lock(mutex_);
  note({.kind = Call::Kind::write,
        .file = file_of_fd_[fd],
        .number = offset,
        .data = std::string(static_cast<const char*>(data), size)});
}

void TestDisk::resized(int fd, uint64_t size) {
  std::lock_guard lock(mutex_);
  note({.kind = Call::Kind::resize, .file = file_of_fd_[fd], .number = size});
}

void TestDisk::synced(int fd) {
  std::lock_guard lock(mutex_);
  note({.kind = Call::Kind::sync, .file = file_of_fd_[fd]});
}

void TestDisk::renamed(const std::string& from, const std::string& to) {
  std::lock_guard lock(mutex_);
  note({.kind = Call::Kind::rename, .name = relative(from), .other_name = relative(to)});
  apply_name(calls_.back(), names_);
}

void TestDisk::linked(const std::string& from, const std::string& to) {
  std::lock_guard lock(mutex_);
  note({.kind = Call::Kind::link, .name = relative(from), .other_name = relative(to)});
  apply_name(calls_.back(), names_);
}

void TestDisk::removed(const std::string& path) {
  std::lock_guard lock(mutex_);
  note({.kind = Call::Kind::remove, .name = relative(path)});
  apply_name(calls_.back(), names_);
}

void TestDisk::apply(const Call& call, std::string& content) {
  if (call.kind == Call::Kind::resize) {
    content.resize(call.number);
    return;
  }
  if (content.size() < call.number + call.data.size()) content.resize(call.number + call.data.size());
  content.replace(call.number, call.data.size(), call.data);
}

void TestDisk::apply_some(const Call& call, std::string& content, std::mt19937_64& random) {
  if (random() % 2 == 0) return;
  if (call.kind == Call::Kind::resize || random() % 2 == 0) return apply(call, content);
  constexpr uint64_t kSector = 512;
  for (uint64_t at = call.number; at < call.number + call.data.size();) {
    const uint64_t end = std::min((at / kSector + 1) * kSector, call.number + call.data.size());
    if (random() % 2 == 0)
      apply({.kind = Call::Kind::write, .number = at, .data = call.data.substr(at - call.number, end - at)},
            content);
    at = end;
  }
}

void TestDisk::apply_name(const Call& call, std::map<std::string, int>& names) {
  if (call.kind == Call::Kind::create) names[call.name] = call.file;
  const bool named = call.kind == Call::Kind::rename || call.kind == Call::Kind::link;
  if (named && names.contains(call.name)) names[call.other_name] = names[call.name];
  if (call.kind == Call::Kind::rename || call.kind == Call::Kind::remove) names.erase(call.name);
}

int64_t TestDisk::crash(size_t calls, Loss loss, uint64_t seed, const fs::path& to) const {
  std::mt19937_64 random(seed);
  std::vector<File> files(static_cast<size_t>(files_));
  for (size_t i = 0; i < contents_at_begin_.size(); ++i) files[i].durable = contents_at_begin_[i];
  std::map<std::string, int> names = names_at_begin_;
  std::vector<const Call*> pending_names;
  int64_t acknowledged = -1;
  for (const Call& call : calls_) {
    if (call.kind == Call::Kind::acknowledge) {
      acknowledged = static_cast<int64_t>(call.number);
      continue;
    }
    if (calls-- == 0) break;
    if (call.kind == Call::Kind::write || call.kind == Call::Kind::resize) {
      files[static_cast<size_t>(call.file)].pending.push_back(&call);
    } else if (call.kind != Call::Kind::sync) {
      pending_names.push_back(&call);
    } else if (call.file < 0) {
      for (const Call* name : pending_names) apply_name(*name, names);
      pending_names.clear();
    } else {
      File& file = files[static_cast<size_t>(call.file)];
      for (const Call* change : file.pending) apply(*change, file.durable);
      file.pending.clear();
    }
  }
  if (loss == Loss::some) pending_names.resize(random() % (pending_names.size() + 1));
  if (loss == Loss::all) pending_names.clear();
  for (const Call* name : pending_names) apply_name(*name, names);
  for (const auto& [name, number] : names) {
    if (lives_in_memory(name)) continue;
    File& file = files[static_cast<size_t>(number)];
    for (const Call* change : file.pending) {
      if (loss == Loss::none) apply(*change, file.durable);
      if (loss == Loss::some) apply_some(*change, file.durable, random);
    }
    fs::create_directories((to / name).parent_path());
    std::ofstream(to / name, std::ios::binary) << file.durable;
  }
  return acknowledged;
}

// A watch that sees nothing would let every fault test pass.
TEST(Disk, LosesWhatWasNotSynced) {
  const TestFolder folder, after;
  const std::string path = (folder.path() / "file").string();
  TestDisk watched(folder.path());
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT, 0666);
  ASSERT_EQ(::pwrite(fd, "first", 5, 0), 5);
  ASSERT_EQ(::fsync(fd), 0);
  watched.acknowledge(7);
  ASSERT_EQ(::pwrite(fd, "second", 6, 3), 6);
  ::close(fd);
  const int parent = ::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::fsync(parent), 0);
  ::close(parent);
  EXPECT_EQ(watched.calls(), 5u);
  const auto content = [&](size_t calls, TestDisk::Loss loss) -> std::string {
    const fs::path to = after.path() / std::to_string(calls) / std::to_string(static_cast<int>(loss));
    fs::create_directories(to);
    watched.crash(calls, loss, 1, to);
    std::ifstream file(to / "file");
    return file ? std::string(std::istreambuf_iterator<char>(file), {}) : "no file";
  };
  using Loss = TestDisk::Loss;
  EXPECT_EQ(content(5, Loss::all), "first");
  EXPECT_EQ(content(5, Loss::none), "firsecond");
  EXPECT_EQ(content(4, Loss::all), "no file") << "the folder was not synced";
  EXPECT_EQ(content(2, Loss::none), "first");
  EXPECT_EQ(watched.crash(3, Loss::all, 1, after.path() / "a"), 7);
  EXPECT_EQ(watched.crash(2, Loss::all, 1, after.path() / "b"), -1);
}

TEST(Disk, FailsWhenItIsTold) {
  const TestFolder folder;
  TestDisk watched(folder.path());
  const int fd = ::open((folder.path() / "file").c_str(), O_RDWR | O_CREAT, 0666);
  watched.fail(TestDisk::Failure::short_write, 1, false);
  EXPECT_EQ(::pwrite(fd, "1234", 4, 0), 2);
  EXPECT_EQ(::pwrite(fd, "34", 2, 2), -1);
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_EQ(::pwrite(fd, "34", 2, 2), 2) << "there is space again";
  watched.fail(TestDisk::Failure::io, 4, true);
  EXPECT_EQ(::fsync(fd), -1);
  EXPECT_EQ(errno, EIO);
  EXPECT_EQ(::ftruncate(fd, 0), -1);
  ::close(fd);
}

}  // namespace elanus::store_local
