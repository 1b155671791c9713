#include "ingest/embed_files.h"

#include "image/image.h"
#include "io/file.h"

namespace elanus::ingest {
namespace {

Result<clip::PreparedImage> prepared(const clip::Clip& clip, const std::string& path, const Options& options) {
  const auto bytes = TRY(io::read_file(path, options.max_file_bytes));
  image::DecodeOptions decode = clip.decode_options(options.exact);
  decode.max_pixels = options.max_pixels;
  return clip.prepare(TRY(image::decode(bytes, decode)));
}

}  // namespace

Result<EmbeddedFiles> embed_files(const clip::Clip& clip, std::span<const std::string> paths, const Options& options,
                                  base::ThreadPool& pool) {
  std::vector<Result<clip::PreparedImage>> read(paths.size(), Error(ErrorKind::io, "not read"));
  pool.run(paths.size(), [&](size_t i, unsigned) { read[i] = prepared(clip, paths[i], options); });
  EmbeddedFiles done;
  std::vector<clip::PreparedImage> images;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (read[i].ok()) {
      done.which.push_back(i);
      images.push_back(std::move(read[i]).value());
    } else {
      done.failures.push_back({paths[i], read[i].error().message(), read[i].error().kind()});
    }
  }
  done.vectors.resize(images.size() * clip.info().dim);
  if (!images.empty()) TRY(clip.embed_images(images, done.vectors));
  return done;
}

}  // namespace elanus::ingest
