#include "server/picture_json.h"

#include <ctime>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/utf8.h"
#include "io/json.h"
#include "io/json_text.h"
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

void append_picture(std::string& out, int64_t id, const store::Picture& picture,
                    std::optional<float> cosine) {
  const auto number = [&](const char* name, auto value) { out += name + std::to_string(value); };
  const auto text = [&](const char* name, std::string_view value) {
    out += name;
    io::append_json_string(out, value);
  };
  number("{\"id\":", id);
  text(",\"path\":", picture.path);
  if (!base::is_utf8(picture.path)) text(",\"path_base64\":", base::base64(picture.path));
  text(",\"thumb\":", thumb_link(id, picture));
  text(",\"file\":", "/v1/images/" + std::to_string(id) + "/file");
  if (picture.width) number(",\"width\":", picture.width);
  if (picture.height) number(",\"height\":", picture.height);
  if (picture.size) number(",\"bytes\":", picture.size);
  if (!picture.label.empty()) text(",\"label\":", picture.label);
  if (!picture.camera.empty()) text(",\"camera\":", picture.camera);
  // The camera's clock names no time zone.
  if (picture.captured_s)
    text(",\"time\":", iso_time(picture.captured_s, "%Y-%m-%dT%H:%M:%S"));
  else if (picture.mtime_ns)
    text(",\"time\":", iso_time(picture.mtime_ns / 1'000'000'000, "%Y-%m-%dT%H:%M:%SZ"));
  if (!picture.attributes.empty() && picture.attributes != "{}")
    if (const auto attributes = io::parse_json(picture.attributes, "attributes"); attributes.ok())
      out += ",\"attributes\":" + io::to_text(*attributes);
  if (cosine) {
    out += ",\"cosine\":";
    io::append_json_number(out, static_cast<double>(*cosine));
  }
  out += '}';
}

std::string picture_text(int64_t id, const store::Picture& picture) {
  std::string text;
  append_picture(text, id, picture);
  return text;
}

}  // namespace elanus::server
