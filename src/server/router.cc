#include "server/router.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace elanus::server {
namespace {

constexpr std::string_view kId = "{id}";

// The id in `path`, 0 for a pattern without one; nothing when they do not fit.
std::optional<int64_t> match(std::string_view pattern, std::string_view path) {
  const size_t at = pattern.find(kId);
  if (at == std::string_view::npos) return pattern == path ? std::optional<int64_t>(0) : std::nullopt;
  const std::string_view before = pattern.substr(0, at), after = pattern.substr(at + kId.size());
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after))
    return std::nullopt;
  const std::string_view digits = path.substr(before.size(), path.size() - before.size() - after.size());
  int64_t id = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  // One spelling for each id: "-0" and "007" name nothing.
  if (error != std::errc() || stop != digits.data() + digits.size() || std::to_string(id) != digits)
    return std::nullopt;
  return id;
}

}  // namespace

Router::Found Router::find(const std::string& method, const std::string& path) const {
  Found found;
  for (const Route& route : routes_) {
    const auto id = match(route.pattern, path);
    if (!id) continue;
    if (route.method == method) return {&route, *id, {}};
    found.allowed += (found.allowed.empty() ? "" : ", ") + route.method;
  }
  return found;
}

}  // namespace elanus::server
