// A folder for one test, gone at its end.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace elanus::store_local {

class TestFolder {
 public:
  TestFolder() {
    std::string name = (fast_folder() / "elanus-store-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TestFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  // In memory where there is room: these tests sync thousands of times, and no power goes while they run.
  static std::filesystem::path fast_folder() {
    std::error_code error;
    const auto space = std::filesystem::space("/dev/shm", error);
    if (!error && space.available > (uint64_t{256} << 20)) return "/dev/shm";
    return std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

}  // namespace elanus::store_local
