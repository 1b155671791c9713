#include "server/thumbnails.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "image/image.h"
#include "image/jpeg_writer.h"
#include "image/resize.h"
#include "io/file.h"

namespace elanus::server {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFile = size_t{1} << 29;
constexpr int kQuality = 82;

struct Size {
  const char* name;
  uint32_t shorter, longer;  // pixels
};
constexpr Size kSizes[] = {{"small", 256, 704}, {"grid", 360, 960}, {"window", 1920, 1920}};
constexpr const Size& of(ThumbSize size) { return kSizes[static_cast<size_t>(size)]; }

// What was written whole: a crash may leave a file cut short, since nothing here is synced.
std::optional<Thumbnails::Thumb> open_whole(const fs::path& path) {
  constexpr unsigned char kEnd[2] = {0xff, 0xd9};
  Thumbnails::Thumb thumb{File(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), 0, {}};
  struct stat status {};
  unsigned char end[2];
  if (thumb.file.get() < 0 || ::fstat(thumb.file.get(), &status) != 0 || status.st_size < 4 ||
      ::pread(thumb.file.get(), end, 2, status.st_size - 2) != 2 || end[0] != kEnd[0] || end[1] != kEnd[1])
    return std::nullopt;
  thumb.size = static_cast<uint64_t>(status.st_size);
  return thumb;
}

// False when there is no room or no permission.
bool keep(const fs::path& path, const std::string& bytes) {
  static std::atomic<uint64_t> number{0};
  const fs::path staged = path.native() + "." + std::to_string(::getpid()) + "." + std::to_string(number++);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  const File file(::open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const bool written = file.get() >= 0 &&
                       ::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  if (written && ::rename(staged.c_str(), path.c_str()) == 0) return true;
  if (file.get() >= 0) ::unlink(staged.c_str());
  return false;
}

}  // namespace

std::optional<ThumbSize> thumb_size(std::string_view name) {
  for (const ThumbSize size : {ThumbSize::small, ThumbSize::grid, ThumbSize::window})
    if (name == of(size).name) return size;
  return std::nullopt;
}

std::string pixels_name(const store::Picture& picture) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const std::string& hash = picture.content_hash;
  if (hash.size() == 32 && std::all_of(hash.begin(), hash.end(), is_hex)) return hash;
  const std::string what =
      picture.path + '\0' + std::to_string(picture.mtime_ns) + '\0' + std::to_string(picture.size);
  return io::content_hash(std::as_bytes(std::span(what)));
}

Thumbnails::Thumbnails(fs::path folder, uint64_t max_bytes, DecodeGate& gate, Metrics& metrics)
    : folder_(std::move(folder)), max_bytes_(max_bytes), gate_(gate), metrics_(metrics) {}

Result<Thumbnails::Thumb> Thumbnails::get(const store::Picture& picture, ThumbSize size) {
  const std::string name = pixels_name(picture);
  const fs::path file = folder_ / name.substr(0, 2) / (name + "-" + of(size).name + ".jpg");
  if (auto kept = open_whole(file)) {
    metrics_.count("thumbnail_found");
    return std::move(*kept);
  }
  const Stopwatch watch;
  std::string bytes = TRY(make(picture, size));
  metrics_.stage("thumbnail", watch.ms());
  metrics_.count("thumbnail_made");
  std::call_once(measured_, [this] { measure(); });
  if (!keep(file, bytes))
    metrics_.count("thumbnail_not_kept");
  else if ((bytes_ += bytes.size()) > max_bytes_)
    make_room();
  const uint64_t length = bytes.size();
  return Thumb{File(), length, std::move(bytes)};
}

Result<std::string> Thumbnails::make(const store::Picture& picture, ThumbSize size) const {
  const Size& bound = of(size);
  const auto bytes = TRY(io::read_file(picture.path, kMaxFile));
  const image::Image whole = TRY(base::within(picture.path, gate_.run([&](uint64_t max_pixels) {
    return image::decode(bytes, {.max_pixels = max_pixels, .scale_to_short_side = bound.shorter});
  })));
  const double shorter = std::min(whole.width, whole.height), longer = std::max(whole.width, whole.height);
  const double scale = std::min({1.0, bound.shorter / shorter, bound.longer / longer});
  const auto side = [&](uint32_t length) {
    return std::max(1u, static_cast<uint32_t>(std::lround(length * scale)));
  };
  image::Image small;
  small.width = side(whole.width);
  small.height = side(whole.height);
  small.rgb.resize(size_t{3} * small.width * small.height);
  TRY(image::resize_crop(whole,
                         {small.width, small.height, 0, 0, small.width, small.height, image::Filter::bicubic},
                         small.rgb));
  const auto jpeg = TRY(image::encode_jpeg(small, kQuality));
  return std::string(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
}

void Thumbnails::measure() {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->is_regular_file(error)) bytes_ += entry->file_size(error);
}

// Down to nine tenths, the oldest first.
void Thumbnails::make_room() {
  const std::unique_lock lock(making_room_, std::try_to_lock);
  if (!lock) return;
  struct Kept {
    fs::file_time_type time;
    uint64_t size;
    fs::path path;
  };
  std::vector<Kept> kept;
  uint64_t total = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->is_regular_file(error) && entry->path().extension() == ".jpg") {
      kept.push_back({entry->last_write_time(error), entry->file_size(error), entry->path()});
      total += kept.back().size;
    }
  std::sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) { return a.time < b.time; });
  for (const Kept& one : kept) {
    if (total <= max_bytes_ / 10 * 9) break;
    if (fs::remove(one.path, error)) total -= one.size;
  }
  bytes_ = total;
  metrics_.count("thumbnail_folder_trimmed");
}

}  // namespace elanus::server
