#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "server/picture_json.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

constexpr size_t kTogether = 60;

Result<ThumbSize> size_asked(const Request& request) {
  const std::string name = request.parameter("size").value_or("grid");
  if (const auto size = thumb_size(name)) return *size;
  return Error(ErrorKind::invalid_argument,
               "size: expected small, grid or window, got '" + name.substr(0, 100) + "'");
}

// `named`: the address names the version of the pixels, which will never be others.
Response kept_by_browsers(Response response, bool named) {
  response.with("Cache-Control", named ? "private, max-age=31536000, immutable" : "private, no-cache");
  return response;
}

Result<Response> thumb(Context& context, const Request& request, int64_t id) {
  const ThumbSize size = TRY(size_asked(request));
  const auto record = TRY(context.library.reading().get(id));
  const std::string version = thumb_version(record.picture);
  const bool named = request.parameter("v") == version;
  Response response;
  response.with("ETag", '"' + version + '"');
  if (request.header("If-None-Match") == '"' + version + '"') {
    response.status = 304;
    return kept_by_browsers(std::move(response), named);
  }
  auto made = TRY(context.thumbnails.get(record.picture, size));
  response.file = std::move(made.file);
  response.file_size = made.size;
  response.body = std::move(made.bytes);
  response.with("Content-Type", "image/jpeg");
  return kept_by_browsers(std::move(response), named);
}

struct Wanted {
  int64_t id = 0;
  std::string_view version;
};

// "7-1a2b3c4d5e6f,9-0123456789ab": ids, each with the version that its link names.
Result<std::vector<Wanted>> listed(std::string_view text) {
  std::vector<Wanted> all;
  for (size_t at = 0; at <= text.size();) {
    const std::string_view one = text.substr(at, text.find(',', at) - at);
    at += one.size() + 1;
    Wanted wanted;
    const auto [stop, error] = std::from_chars(one.data(), one.data() + one.size(), wanted.id);
    const auto read = static_cast<size_t>(stop - one.data());
    if (error != std::errc() || read == one.size() || one[read] != '-' || all.size() == kTogether)
      return Error(
          ErrorKind::invalid_argument,
          "of: expected 1 to 60 times ID-VERSION, as in links to small pictures, with commas; got '" +
              std::string(text.substr(0, 100)) + "'");
    wanted.version = one.substr(read + 1);
    all.push_back(wanted);
  }
  return all;
}

Result<std::string> bytes_of(Thumbnails::Thumb thumb) {
  if (thumb.file.get() < 0) return std::move(thumb.bytes);
  std::string bytes(thumb.size, '\0');
  if (::pread(thumb.file.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return Error(ErrorKind::io, "a small picture cannot be read");
  return bytes;
}

// Many small pictures in one answer, since a request costs a browser more than a small picture does.
Result<Response> thumbs(Context& context, const Request& request) {
  const ThumbSize size = TRY(size_asked(request));
  if (size == ThumbSize::window)
    return Error(ErrorKind::invalid_argument,
                 "size: expected small or grid, pictures as large as the window come one by one");
  const std::string of = request.parameter("of").value_or("");
  nlohmann::json list = nlohmann::json::array();
  bool all_named = true;
  for (const Wanted& wanted : TRY(listed(of))) {
    const auto data = [&]() -> Result<std::string> {
      const auto record = TRY(context.library.reading().get(wanted.id));
      all_named &= thumb_version(record.picture) == wanted.version;
      const auto bytes = TRY(bytes_of(TRY(context.thumbnails.get(record.picture, size))));
      return "data:image/jpeg;base64," + base::base64(bytes);
    }();
    all_named &= data.ok();
    list.push_back(data.ok() ? nlohmann::json(*data) : nlohmann::json());
  }
  Response response{.body = nlohmann::json{{"thumbs", std::move(list)}}.dump()};
  response.with("Content-Type", "application/json");
  return kept_by_browsers(std::move(response), all_named);
}

}  // namespace

void add_thumb_routes(Router& router, Context& context) {
  router.add({"GET", "/v1/images/{id}/thumb",
              [&](const Request& request, int64_t id) { return thumb(context, request, id); }});
  router.add(
      {"GET", "/v1/thumbs", [&](const Request& request, int64_t) { return thumbs(context, request); }});
}

}  // namespace elanus::server
