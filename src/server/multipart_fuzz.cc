// The first line is the Content-Type, the rest the body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "server/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(all.find('\n'), all.size());
  const std::string_view body = all.substr(std::min(line + 1, all.size()));
  const auto parts = elanus::server::parse_multipart(body, all.substr(0, line));
  if (!parts.ok()) return 0;
  const char* before = body.data();
  for (const auto& part : *parts) {
    if (part.content.empty()) continue;
    if (part.content.data() < before || part.content.data() + part.content.size() > body.data() + body.size())
      std::abort();
    before = part.content.data() + part.content.size();
  }
  return 0;
}
