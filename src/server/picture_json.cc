#include "server/picture_json.h"

#include <ctime>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "io/path_json.h"
#include "server/thumbnails.h"

namespace elanus::server {
namespace {

std::string iso_time(int64_t seconds, const char* format) {
  const time_t time = seconds;
  struct tm parts {};
  char text[32];
  if (!::gmtime_r(&time, &parts) || std::strftime(text, sizeof text, format, &parts) == 0) return {};
  return text;
}

}  // namespace

std::string thumb_version(const store::Picture& picture) { return pixels_name(picture).substr(0, 12); }

std::string thumb_link(int64_t id, const store::Picture& picture) {
  return "/v1/images/" + std::to_string(id) + "/thumb?v=" + thumb_version(picture);
}

nlohmann::json to_json(int64_t id, const store::Picture& picture) {
  nlohmann::json json{
      {"id", id}, {"thumb", thumb_link(id, picture)}, {"file", "/v1/images/" + std::to_string(id) + "/file"}};
  io::add_path(json, picture.path);
  if (picture.width) json["width"] = picture.width;
  if (picture.height) json["height"] = picture.height;
  if (picture.size) json["bytes"] = picture.size;
  if (!picture.label.empty()) json["label"] = picture.label;
  if (!picture.camera.empty()) json["camera"] = picture.camera;
  // The camera's clock names no time zone.
  if (picture.captured_s)
    json["time"] = iso_time(picture.captured_s, "%Y-%m-%dT%H:%M:%S");
  else if (picture.mtime_ns)
    json["time"] = iso_time(picture.mtime_ns / 1'000'000'000, "%Y-%m-%dT%H:%M:%SZ");
  if (!picture.attributes.empty() && picture.attributes != "{}")
    if (auto attributes = io::parse_json(picture.attributes, "attributes"); attributes.ok())
      json["attributes"] = std::move(*attributes);
  return json;
}

nlohmann::json to_json(const store::Hit& hit) {
  nlohmann::json json = to_json(hit.id, hit.picture);
  json["cosine"] = hit.cosine;
  return json;
}

}  // namespace elanus::server
