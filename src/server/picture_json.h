// Pictures and hits as JSON.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "store/collection.h"

namespace elanus::server {

// "/v1/images/7/thumb?v=1a2b3c4d": the version is of the pixels, so that the answer may be kept for ever.
std::string thumb_link(int64_t id, const store::Picture& picture);
std::string thumb_version(const store::Picture& picture);

// id, path (and path_base64), width, height, bytes, time (ISO 8601: taken, else changed), label, camera,
// attributes, thumb, file, and the cosine of a hit, as a JSON object. What is not known is not there.
void append_picture(std::string& out, int64_t id, const store::Picture& picture,
                    std::optional<float> cosine = {});
std::string picture_text(int64_t id, const store::Picture& picture);

}  // namespace elanus::server
