// The files of src/server/page and openapi.json, as the build put them into the program.
#pragma once
#include <span>
#include <string_view>

namespace elanus::server {

struct Asset {
  std::string_view name;  // "page/index.html"
  std::string_view bytes;
};

std::span<const Asset> assets();

}  // namespace elanus::server
