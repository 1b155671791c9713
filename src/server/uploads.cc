#include "server/uploads.h"

#include "image/image.h"
#include "io/file.h"

namespace elanus::server {
namespace {

namespace fs = std::filesystem;

const char* suffix(image::Format format) {
  switch (format) {
    case image::Format::jpeg:
      return ".jpg";
    case image::Format::png:
      return ".png";
    case image::Format::webp:
      return ".webp";
    case image::Format::gif:
      return ".gif";
    case image::Format::bmp:
      return ".bmp";
    case image::Format::tiff:
      return ".tif";
    case image::Format::pnm:
      return ".pnm";
  }
  return "";
}

}  // namespace

Result<fs::path> Uploads::keep(std::string_view bytes) const {
  const auto raw = std::as_bytes(std::span(bytes));
  const image::Format format = TRY(image::sniff(raw));
  const fs::path file =
      folder_ / (io::content_hash(raw) + "-" + std::to_string(bytes.size()) + suffix(format));
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return base::errno_error("cannot make " + folder_.native(), error.value());
  if (!fs::exists(file, error)) TRY(io::write_file_atomic(file, raw));
  return file;
}

}  // namespace elanus::server
