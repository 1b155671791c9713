#include "ingest/examine.h"

#include <algorithm>

#include "image/image.h"
#include "io/file.h"

namespace elanus::ingest {
namespace {

// Above this, pictures are decoded one at a time, so that memory does not grow with the number of threads.
constexpr uint64_t kLargePixels = 25'000'000;

}  // namespace

Examined Examiner::examine(Candidate candidate) const {
  Examined file;
  file.candidate = std::move(candidate);
  auto what = look(file);
  if (what.ok()) {
    file.what = *what;
  } else {
    file.what = Examined::What::failed;
    file.error = std::move(what).error();
  }
  return file;
}

Result<Examined::What> Examiner::look(Examined& file) const {
  const Candidate& candidate = file.candidate;
  store::Picture& picture = file.picture;
  file.before = TRY(collection_.find_by_path(candidate.file.path));
  if (file.before) picture = file.before->picture;
  if (file.before && candidate.id && *candidate.id != file.before->id)
    return Error(ErrorKind::already_exists, "the CSV gives it the id " + std::to_string(*candidate.id) +
                                                ", but it is stored as " + std::to_string(file.before->id));
  const bool same_file = file.before && picture.size == candidate.file.size && picture.mtime_ns == candidate.file.mtime_ns;
  picture.path = candidate.file.path;
  picture.size = candidate.file.size;
  picture.mtime_ns = candidate.file.mtime_ns;
  if (candidate.from_csv || !file.before) {
    picture.root = candidate.root;
    picture.label = candidate.label;
    picture.attributes = candidate.attributes;
  }
  if (same_file) return picture == file.before->picture ? Examined::What::unchanged : Examined::What::updated;

  const auto bytes = TRY(io::read_file(candidate.file.path, options_.max_file_bytes));
  picture.content_hash = io::content_hash(bytes);
  if (file.before && picture.content_hash == file.before->picture.content_hash) return Examined::What::updated;
  file.replaced = file.before.has_value();
  file.same_content = TRY(collection_.find_by_content(picture.content_hash));
  if (!file.same_content.empty()) {
    const store::Picture& same = file.same_content[0].picture;
    picture.width = same.width;
    picture.height = same.height;
    picture.captured_s = same.captured_s;
    picture.camera = same.camera;
    return Examined::What::known_content;
  }
  image::Image decoded = TRY(decode(bytes));
  picture.width = decoded.full_width;
  picture.height = decoded.full_height;
  picture.captured_s = decoded.capture.captured_s;
  picture.camera = std::move(decoded.capture.camera);
  file.image = TRY(clip_.prepare(decoded));
  return Examined::What::embed;
}

Result<image::Image> Examiner::decode(std::span<const std::byte> bytes) const {
  image::DecodeOptions decode_options = clip_.decode_options(options_.exact);
  decode_options.max_pixels = std::min(options_.max_pixels, kLargePixels);
  auto decoded = image::decode(bytes, decode_options);
  if (decoded.ok() || decoded.error().kind() != ErrorKind::too_large || options_.max_pixels <= kLargePixels)
    return decoded;
  std::lock_guard lock(one_large_picture_);
  decode_options.max_pixels = options_.max_pixels;
  return image::decode(bytes, decode_options);
}

}  // namespace elanus::ingest
