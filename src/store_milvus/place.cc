#include "store_milvus/place.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

namespace elanus::store_milvus {
namespace {

Error invalid(const std::string& what) { return {ErrorKind::invalid_argument, what}; }

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> unescaped(std::string_view text, const char* what) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1,
              low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return invalid(std::string("a '%' in the ") + what + " without two hexadecimal digits");
    plain += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return plain;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

// The text up to `mark`, taken off the front of `rest` with the mark; all of it when there is none.
std::string_view take(std::string_view& rest, char mark) {
  const size_t at = rest.find(mark);
  const std::string_view first = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return first;
}

Result<void> read_credentials(std::string_view text, Place& place) {
  place.user = TRY(unescaped(take(text, ':'), "user name"));
  place.password = TRY(unescaped(text, "password"));
  if (place.user.empty()) return invalid("the part before '@' has no user name; write user:password@host");
  return {};
}

Result<void> read_host(std::string_view text, Place& place) {
  std::string_view port;
  if (text.starts_with('[')) {  // IPv6
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return invalid("a '[' before the address without its ']'");
    place.host = text.substr(0, end + 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':')
      return invalid("something other than ':port' after the address's ']'");
    if (!port.empty()) port.remove_prefix(1);
  } else {
    place.host = take(text, ':');
    port = text;
  }
  if (place.host.empty() || place.host == "[]")
    return invalid("it names no host; write milvus://host:19530/collection");
  for (const char c : place.host)
    if (static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '%')
      return invalid("the host name has a character that no host name has");
  if (port.empty()) return {};
  const auto value = number<uint16_t>(port);
  if (!value || *value == 0)
    return invalid("the port '" + std::string(port) + "' is not a number from 1 to 65535");
  place.port = *value;
  return {};
}

// Milvus' own rule for the names of collections and databases.
bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && text.size() <= 255 && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<void> read_names(std::string_view path, Place& place) {
  std::string_view first = take(path, '/');
  if (path.empty()) std::swap(first, path);  // no database
  place.database = TRY(unescaped(first, "database's name"));
  place.collection = TRY(unescaped(path, "collection's name"));
  for (const std::string* name : {&place.database, &place.collection})
    if (!is_name(*name) && !(name == &place.database && name->empty()))
      return invalid(
          (name->empty() ? "it names no collection" : "'" + *name + "' is no name that Milvus takes") +
          "; write milvus://host/collection or milvus://host/database/collection, names of letters, digits "
          "and _");
  return {};
}

Result<bool> flag(std::string_view value) {
  if (value == "1" || value == "true") return true;
  if (value == "0" || value == "false") return false;
  return invalid("tls=" + std::string(value) + "; expected 1 or 0");
}

Result<Consistency> consistency(std::string_view value) {
  if (value == "strong") return Consistency::strong;
  if (value == "session") return Consistency::session;
  if (value == "bounded") return Consistency::bounded;
  if (value == "eventually") return Consistency::eventually;
  return invalid("consistency=" + std::string(value) + "; expected strong, session, bounded or eventually");
}

Result<void> read_option(const std::string& name, const std::string& value, Place& place) {
  static const std::set<std::string> kBuild{"nlist", "M", "efConstruction", "m", "nbits"},
      kSearch{"nprobe", "ef", "search_list", "reorder_k"};
  if (name == "tls") {
    place.tls = TRY(flag(value));
  } else if (name == "ca") {
    place.ca_file = value;
  } else if (name == "name") {
    place.server_name = value;
  } else if (name == "token_file") {
    place.token_file = value;
  } else if (name == "consistency") {
    place.consistency = TRY(consistency(value));
  } else if (name == "index") {
    if (!is_name(value)) return invalid("index=" + value + " is no name of an index");
    place.index = value;
    for (char& c : place.index)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  } else if (name == "timeout") {
    const auto seconds = number<uint32_t>(value);
    if (!seconds || *seconds < 1 || *seconds > 86'400)
      return invalid("timeout=" + value + "; expected 1 to 86400 seconds");
    place.call_timeout = std::chrono::seconds(*seconds);
  } else if (kBuild.contains(name) || kSearch.contains(name)) {
    const auto count = number<int64_t>(value);
    if (!count || *count < 1 || *count > 1'000'000)
      return invalid(name + "=" + value + "; expected 1 to 1000000");
    (kBuild.contains(name) ? place.index_parameters : place.search_parameters)[name] = *count;
  } else {
    return invalid("the option '" + name +
                   "' is unknown; there are tls, ca, name, token_file, consistency, index, nlist, M, "
                   "efConstruction, m, nbits, nprobe, ef, search_list, reorder_k and timeout");
  }
  return {};
}

Result<Place> parse(std::string_view uri) {
  constexpr std::string_view kScheme = "milvus://";
  if (!uri.starts_with(kScheme)) return invalid("it does not begin with milvus://");
  std::string_view options = uri.substr(kScheme.size());
  std::string_view path = take(options, '?');
  std::string_view host = take(path, '/');
  Place place;
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) {
    TRY(read_credentials(host.substr(0, at), place));
    host.remove_prefix(at + 1);
  }
  TRY(read_host(host, place));
  TRY(read_names(path, place));
  while (!options.empty()) {
    std::string_view option = take(options, '&');
    const std::string name(take(option, '='));
    TRY(read_option(name, TRY(unescaped(option, "value of an option")), place));
  }
  if (!place.tls && !(place.ca_file.empty() && place.server_name.empty()))
    return invalid("ca= and name= mean something with tls=1 only");
  return place;
}

}  // namespace

Result<Place> parse_place(std::string_view uri) { return base::within("the Milvus address", parse(uri)); }

std::string Place::shown() const {
  return "milvus://" + host + ":" + std::to_string(port) + "/" + (database.empty() ? "" : database + "/") +
         collection;
}

}  // namespace elanus::store_milvus
