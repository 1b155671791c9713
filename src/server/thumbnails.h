// Small pictures, made once and kept in a folder of bounded size.
#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "server/decode_gate.h"
#include "server/http.h"
#include "server/metrics.h"
#include "store/collection.h"

namespace elanus::server {

// The sizes there are: for the grid on a plain screen (short side 256 pixels, long side at most 704), for the
// grid on a fine one (360, 960), and for the whole window (both at most 1920). A picture is never enlarged.
enum class ThumbSize { small, grid, window };

// "small", "grid", "window".
std::optional<ThumbSize> thumb_size(std::string_view name);

// Names the pixels of a picture: another name as soon as its file changes. 32 hex digits.
std::string pixels_name(const store::Picture& picture);

// Thread-safety: any method, any thread; several processes may share a folder.
class Thumbnails {
 public:
  // `folder` is made when the first picture is kept; files of other kinds in it are left alone.
  Thumbnails(std::filesystem::path folder, uint64_t max_bytes, DecodeGate& gate, Metrics& metrics);

  // A JPEG: a file, or bytes where the folder cannot be written to. The errors are those of reading and
  // decoding the picture's file.
  struct Thumb {
    File file;
    uint64_t size = 0;
    std::string bytes;
  };
  Result<Thumb> get(const store::Picture& picture, ThumbSize size);

  uint64_t bytes_kept() const { return bytes_; }

 private:
  Result<std::string> make(const store::Picture& picture, ThumbSize size) const;
  void measure();
  void make_room();

  const std::filesystem::path folder_;
  const uint64_t max_bytes_;
  DecodeGate& gate_;
  Metrics& metrics_;
  std::once_flag measured_;
  std::atomic<uint64_t> bytes_{0};
  std::mutex making_room_;
};

}  // namespace elanus::server
