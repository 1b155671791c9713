#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "image/image.h"
#include "server/picture_json.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

constexpr size_t kPageDefault = 60, kPageMost = 500;

template <class Number>
Result<Number> number(const Request& request, const char* name, Number otherwise, Number least, Number most) {
  const std::string text = request.parameter(name).value_or("");
  if (text.empty()) return otherwise;
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || value < least || value > most)
    return Error(ErrorKind::invalid_argument, std::string(name) + ": expected a number from " +
                                                  std::to_string(least) + " to " + std::to_string(most) +
                                                  ", got '" + text.substr(0, 100) + "'");
  return value;
}

// All pictures by id, from the one after `after`.
Result<Response> list(const Context& context, const Request& request) {
  using Limits = std::numeric_limits<int64_t>;
  const auto k = TRY(number<size_t>(request, "k", kPageDefault, 1, kPageMost));
  const auto after = TRY(number<int64_t>(request, "after", Limits::min(), Limits::min(), Limits::max()));
  std::string images;
  size_t count = 0;
  int64_t last = 0;
  bool more = false;
  const int64_t least = after == Limits::min() ? after : after + 1;
  if (after < Limits::max())
    TRY(context.library.reading().for_each_from(least, [&](const store::Record& record) {
      more = count == k;
      if (more) return false;
      if (count++) images += ',';
      append_picture(images, record.id, record.picture);
      last = record.id;
      return true;
    }));
  return json_text_response("{\"images\":[" + images +
                            "],\"next\":" + (more ? std::to_string(last) : "null") + "}");
}

std::string type_of(image::Format format) {
  switch (format) {
    case image::Format::jpeg:
      return "image/jpeg";
    case image::Format::png:
      return "image/png";
    case image::Format::webp:
      return "image/webp";
    case image::Format::gif:
      return "image/gif";
    case image::Format::bmp:
      return "image/bmp";
    case image::Format::tiff:
      return "image/tiff";
    case image::Format::pnm:
      return "image/x-portable-anymap";
  }
  return "application/octet-stream";
}

// RFC 8187: everything but letters, digits and a few signs as %XX.
std::string encoded(const std::string& name) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte < 128 && std::isalnum(byte)) || c == '.' || c == '-' || c == '_';
    if (plain)
      text += c;
    else
      (text += '%', text += kHex[byte >> 4], text += kHex[byte & 15]);
  }
  return text;
}

// The picture's own file, only as long as it is still a picture: a record is no permission to read whatever
// its path has become.
Result<Response> file(const Context& context, int64_t id) {
  const auto record = TRY(context.library.reading().get(id));
  const std::string& path = record.picture.path;
  Response response;
  // A FIFO at this path must not hold the thread up.
  response.file = File(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const int fd = response.file.get();
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0) return base::errno_error("cannot open " + path, errno);
  std::array<std::byte, 64> head{};
  const ssize_t got = S_ISREG(status.st_mode) ? ::pread(fd, head.data(), head.size(), 0) : -1;
  if (got < 0) return Error(ErrorKind::not_found, path + " is not a file any more");
  const auto format = image::sniff(std::span(head).first(static_cast<size_t>(got)));
  if (!format.ok()) return Error(ErrorKind::not_found, path + " is not a picture any more");
  response.file_size = static_cast<uint64_t>(status.st_size);
  response.with("Content-Type", type_of(*format));
  response.with("Content-Disposition",
                "inline; filename*=UTF-8''" + encoded(std::filesystem::path(path).filename().native()));
  response.with("Cache-Control", "private, no-cache");
  return response;
}

}  // namespace

void add_picture_routes(Router& router, Context& context) {
  router.add({"GET", "/v1/images", [&](const Request& request, int64_t) { return list(context, request); }});
  router.add({"GET", "/v1/images/{id}", [&](const Request&, int64_t id) -> Result<Response> {
                return json_text_response(picture_text(id, TRY(context.library.reading().get(id)).picture));
              }});
  router.add({"GET", "/v1/images/{id}/file", [&](const Request&, int64_t id) { return file(context, id); }});
}

}  // namespace elanus::server
