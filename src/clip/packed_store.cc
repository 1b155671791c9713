#include "clip/packed_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "io/descriptor.h"

namespace elanus::clip {
namespace fs = std::filesystem;

namespace {

constexpr std::array kExtensions = {".json", ".txt", ".safetensors", ".bin", ".pt", ".model", ".gz"};
// Beside an archive that is a model by itself, as find_model_files and Tokenizer::load look for them.
constexpr std::array kBesideArchive = {
    "open_clip_config.json",       "tokenizer.json", "vocab.json", "merges.txt", "bpe_simple_vocab_16e6.txt",
    "bpe_simple_vocab_16e6.txt.gz"};
constexpr size_t kPage = 4096, kPages = 4;

// Pages from the first to the last, evenly apart: small changes that keep size and time are not found,
// another checkpoint is.
Result<uint64_t> sample(const io::Descriptor& file, uint64_t size, const fs::path& path) {
  std::array<std::byte, kPage * kPages> pages{};
  const uint64_t last = size > kPage ? size - kPage : 0;
  for (size_t i = 0; i < kPages; ++i) {
    const uint64_t at = last * i / (kPages - 1);
    if (::pread(file.get(), &pages[i * kPage], kPage, static_cast<off_t>(at)) < 0)
      return base::errno_error("cannot read " + path.string(), errno);
  }
  return io::checksum(pages);
}

Result<FileStamp> stamp(const fs::path& path) {
  const io::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
    return base::errno_error("cannot look at " + path.string(), errno);
  const auto size = static_cast<uint64_t>(info.st_size);
  return FileStamp{path.filename().native(), size,
                   info.st_mtim.tv_sec * int64_t{1'000'000'000} + info.st_mtim.tv_nsec,
                   TRY(sample(file, size, path))};
}

}  // namespace

Result<std::vector<FileStamp>> stamp_model(const fs::path& model) {
  std::vector<FileStamp> stamps;
  std::error_code error;
  const bool is_folder = fs::is_directory(model, error);
  const fs::path folder = is_folder ? model : model.parent_path();
  const auto matters = [&](const fs::path& file) {
    const auto is_one_of = [](const auto& names, const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (is_folder) return is_one_of(kExtensions, file.extension().native());
    return file.filename() == model.filename() || is_one_of(kBesideArchive, file.filename().native());
  };
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (!matters(entry->path())) continue;
    if (std::error_code ignored; entry->is_regular_file(ignored)) stamps.push_back(TRY(stamp(entry->path())));
  }
  if (error) return base::errno_error("cannot look at " + folder.string(), error.value());
  std::sort(stamps.begin(), stamps.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return stamps;
}

PackedStore PackedStore::open(const fs::path& model, const PackedPlaces& places,
                              const ops::Kernels& kernels, Precision precision) {
  PackedStore store;
  if (!places.any()) return store;
  std::error_code error, ignored;
  // Of a file only its folder is resolved: it may be a link into a cache, where its neighbours are others.
  const bool is_folder = fs::is_directory(model, ignored);
  const fs::path full = fs::absolute(model, ignored);
  store.folder_ = fs::canonical(is_folder ? full : full.parent_path(), error);
  store.model_ = is_folder ? store.folder_ : store.folder_ / full.filename();
  auto files = stamp_model(store.model_);
  if (error || !files.ok()) return store;
  store.files_ = std::move(*files);
  store.places_ = places;
  store.kernels_ = std::string(ops::to_string(kernels.level)) + "-" + std::to_string(kernels.panel_width) +
                   "x" + std::to_string(kernels.max_k_block);
  if (precision != Precision::exact)
    store.kernels_ += std::string("-") + to_string(precision) + "x" +
                      std::to_string(ops::quantized_kernels(kernels.level).panel_width);
  return store;
}

std::vector<fs::path> PackedStore::paths(const std::string& tower) const {
  const std::string name = tower + "." + kernels_ + ".packed";
  const std::string stem = model_ == folder_ ? "" : model_.stem().native() + ".";
  std::vector<fs::path> paths;
  if (places_.beside) paths.push_back(folder_ / (stem + name));
  if (!places_.cache.empty()) {
    const std::string id = io::content_hash(std::as_bytes(std::span(model_.native())));
    paths.push_back(places_.cache / (id + "." + name));
  }
  return paths;
}

std::optional<PackedFile> PackedStore::find(const std::string& tower) const {
  for (const fs::path& path : paths(tower)) {
    auto file = PackedFile::open(path);
    if (!file.ok()) continue;
    const PackedHeader& header = file->header();
    if (header.tower != tower || header.kernels != kernels_ || header.files != files_) continue;
    if (file->open_references(folder_).ok()) return std::move(*file);
  }
  return std::nullopt;
}

Result<PackedWriter> PackedStore::create(const std::string& tower) const {
  Error last(ErrorKind::not_found, "no place for packed files was given");
  for (const fs::path& path : paths(tower)) {
    std::error_code ignored;
    if (path.parent_path() == places_.cache) fs::create_directories(places_.cache, ignored);
    auto writer = PackedWriter::create(path, {tower, kernels_, files_, "", 0});
    if (writer.ok() || writer.error().kind() == ErrorKind::busy) return writer;
    last = writer.error();
  }
  return last;
}

}  // namespace elanus::clip
