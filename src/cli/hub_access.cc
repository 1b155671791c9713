#include "cli/hub_access.h"

#include <algorithm>
#include <cstdlib>

#include "cli/places.h"
#include "io/file.h"

namespace elanus::cli {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_on(const char* name) {
  std::string value = variable(name);
  std::transform(value.begin(), value.end(), value.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

fs::path hub_home() {
  const std::string home = variable("HF_HOME");
  return home.empty() ? user_cache_folder() / "huggingface" : fs::path(home);
}

std::string token() {
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"})
    if (const std::string value = variable(name); !value.empty()) return value;
  if (is_on("HF_HUB_DISABLE_IMPLICIT_TOKEN")) return "";
  const std::string path = variable("HF_TOKEN_PATH");
  const auto text = io::read_text(path.empty() ? hub_home() / "token" : fs::path(path), 4096);
  if (!text.ok()) return "";
  return text->substr(0, text->find_first_of(" \t\r\n"));
}

bool may_have_token(const std::string& endpoint) {
  return endpoint.starts_with("https://") || endpoint.starts_with("http://127.0.0.1") ||
         endpoint.starts_with("http://localhost") || endpoint.starts_with("http://[::1]");
}

}  // namespace

io::HubAccess hub_access(bool offline) {
  io::HubAccess access;
  if (const std::string endpoint = variable("HF_ENDPOINT"); !endpoint.empty()) access.endpoint = endpoint;
  while (access.endpoint.ends_with('/')) access.endpoint.pop_back();
  if (may_have_token(access.endpoint)) access.token = token();
  access.cache = hub_home() / "hub";
  for (const char* name : {"HUGGINGFACE_HUB_CACHE", "HF_HUB_CACHE"})
    if (const std::string value = variable(name); !value.empty()) access.cache = value;
  access.offline = offline || is_on("HF_HUB_OFFLINE");
  return access;
}

}  // namespace elanus::cli
