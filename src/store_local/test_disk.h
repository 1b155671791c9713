// A disk that is watched: while a TestDisk lives, every call of this process that changes a file below its
// folder, by SQLite or by us, is noted and can be made to fail. What a crash between any two of them could
// have left behind is then laid out in another folder. The calls are caught where they enter the C library
// (disk_test.cc), so nothing is between the code under test and the disk but that.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace elanus::store_local {

class TestDisk {
 public:
  // One at a time.
  explicit TestDisk(const std::filesystem::path& folder);
  ~TestDisk();
  TestDisk(const TestDisk&) = delete;
  TestDisk& operator=(const TestDisk&) = delete;

  // Notes that everything up to here was acknowledged, under this number.
  void acknowledge(int64_t number);
  // Calls so far.
  size_t calls() const;

  enum class Failure {
    no_space,     // ENOSPC
    io,           // EIO
    short_write,  // half of the bytes are written; the next write finds no space
  };
  // The call number `at` (from 0) fails; with `forever` all after it too. A call that cannot fail in this way
  // goes through.
  void fail(Failure failure, size_t at, bool forever);
  bool has_failed() const { return failed_; }

  enum class Loss {
    all,   // nothing that was not synced is there
    none,  // all of it is
    some,  // any part: of names the first few, of writes each or not, torn between sectors of 512 bytes
  };
  // What could be on the disk when the power went after the first `calls` calls; `to` is made. Returns the
  // last number that had been acknowledged, -1 for none. Without files of locks and shared memory, which no
  // crash survives.
  int64_t crash(size_t calls, Loss loss, uint64_t seed, const std::filesystem::path& to) const;

  // For disk_test.cc. `error`: the call must fail with it; `bytes`: a write must write only so many.
  struct Verdict {
    int error = 0;
    std::optional<size_t> bytes;
  };
  bool watches(const std::string& path) const;
  Verdict judge(bool can_be_full, size_t write_size);
  void opened(int fd, const std::string& path, bool is_new, bool truncated);
  void closed(int fd);
  bool knows(int fd) const;
  void wrote(int fd, uint64_t offset, const void* data, size_t size);
  void resized(int fd, uint64_t size);
  void synced(int fd);
  void renamed(const std::string& from, const std::string& to);
  void linked(const std::string& from, const std::string& to);
  void removed(const std::string& path);

 private:
  struct Call {
    enum class Kind { create, write, resize, sync, rename, link, remove, acknowledge } kind;
    std::string name = {}, other_name = {};  // relative to the folder; of `sync` of a folder: empty
    int file = -1;
    uint64_t number = 0;  // offset, size, or what was acknowledged
    std::string data = {};
  };
  struct File {
    std::string durable;
    std::vector<const Call*> pending;
  };
  static void apply(const Call& call, std::string& content);
  static void apply_some(const Call& call, std::string& content, std::mt19937_64& random);
  static void apply_name(const Call& call, std::map<std::string, int>& names);
  std::string relative(const std::string& path) const;
  void note(Call call);

  mutable std::mutex mutex_;
  const std::filesystem::path folder_;
  std::map<std::string, int> names_at_begin_, names_;
  std::vector<std::string> contents_at_begin_;
  int files_ = 0;
  std::map<int, int> file_of_fd_;  // -1: a folder
  std::vector<Call> calls_;
  size_t counted_ = 0, judged_ = 0;

  std::optional<Failure> failure_;
  size_t fail_at_ = 0;
  bool fail_forever_ = false, full_ = false, failed_ = false;
};

}  // namespace elanus::store_local
