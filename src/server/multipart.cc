#include "server/multipart.h"

#include <strings.h>

#include <optional>

namespace elanus::server {
namespace {

constexpr size_t kMaxParts = 1000, kMaxHead = 4096, kMaxBoundary = 70;

Error broken(const std::string& what) { return {ErrorKind::invalid_argument, "multipart body: " + what}; }

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && strncasecmp(text.data(), start.data(), start.size()) == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value of `; name=value` or `; name="value"` in a header's value. Quotes and backslashes inside quotes
// come as browsers send them: %22, or with a backslash before.
std::optional<std::string> header_parameter(std::string_view header, std::string_view name) {
  size_t at = header.find(';');
  while (at < header.size()) {
    std::string_view rest = trimmed(header.substr(at + 1));
    const size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) return std::nullopt;
    const bool wanted = equals == name.size() && starts_with_ignoring_case(rest, name) && rest[equals] == '=';
    if (rest[equals] == ';') {
      at = static_cast<size_t>(rest.data() + equals - header.data());
      continue;
    }
    rest.remove_prefix(equals + 1);
    std::string value;
    size_t used = 0;
    if (rest.starts_with('"')) {
      for (used = 1; used < rest.size() && rest[used] != '"'; ++used) {
        if (rest[used] == '\\' && used + 1 < rest.size() && (rest[used + 1] == '"' || rest[used + 1] == '\\'))
          ++used;
        value += rest[used];
      }
      if (used == rest.size()) return std::nullopt;
    } else {
      used = std::min(rest.find(';'), rest.size());
      value = std::string(trimmed(rest.substr(0, used)));
    }
    if (wanted) return value;
    const size_t next = rest.find(';', used);
    if (next == std::string_view::npos) return std::nullopt;
    at = static_cast<size_t>(rest.data() + next - header.data());
  }
  return std::nullopt;
}

Result<Part> parse_head(std::string_view head) {
  while (!head.empty()) {
    const size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    constexpr std::string_view kDisposition = "Content-Disposition:";
    if (!starts_with_ignoring_case(line, kDisposition)) continue;
    const std::string_view value = trimmed(line.substr(kDisposition.size()));
    auto name = header_parameter(value, "name");
    if (!starts_with_ignoring_case(value, "form-data") || !name) break;
    auto filename = header_parameter(value, "filename");
    return Part{std::move(*name), filename.value_or(""), filename.has_value(), {}};
  }
  return broken("a part has no name");
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view content_type) {
  if (!starts_with_ignoring_case(content_type, "multipart/form-data"))
    return broken("expected the type multipart/form-data, got '" + std::string(content_type.substr(0, 100)) +
                  "'");
  const auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMaxBoundary)
    return broken("the Content-Type names no boundary of 1 to 70 characters");
  const std::string first = "--" + *boundary, between = "\r\n" + first;
  size_t at = 0;
  if (body.starts_with(first)) {
    at = first.size();
  } else {
    at = body.find(between);
    if (at == std::string_view::npos) return broken("its boundary is not there");
    at += between.size();
  }
  std::vector<Part> parts;
  for (;;) {
    if (body.substr(at).starts_with("--")) return parts;
    const size_t line = body.find("\r\n", at);
    if (line == std::string_view::npos || !trimmed(body.substr(at, line - at)).empty())
      return broken("a boundary is not the end of its line");
    // A part may have no headers at all; its head then ends where it begins.
    const size_t head_end = body.substr(0, std::min(body.size(), line + 4 + kMaxHead)).find("\r\n\r\n", line);
    if (head_end == std::string_view::npos) return broken("the head of a part does not end within 4 KiB");
    Part part = TRY(parse_head(body.substr(line + 2, head_end > line + 2 ? head_end - line - 2 : 0)));
    const size_t content = head_end + 4, end = body.find(between, content - 2);
    if (end == std::string_view::npos)
      return broken("the part '" + part.name.substr(0, 100) + "' does not end");
    part.content = end < content ? std::string_view() : body.substr(content, end - content);
    parts.push_back(std::move(part));
    if (parts.size() > kMaxParts) return broken("it has more than 1000 parts");
    at = end + between.size();
  }
}

}  // namespace elanus::server
