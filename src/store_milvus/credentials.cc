// The half of Place that handles secrets.
#include <fstream>
#include <utility>

#include "store_milvus/place.h"

namespace elanus::store_milvus {
namespace {

std::string base64(const std::string& bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) text += i + j <= bytes.size() ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

}  // namespace

Result<void> load_token(Place& place) {
  if (place.token_file.empty()) return {};
  std::ifstream file(place.token_file);
  std::string line(4097, '\0');
  if (!file.is_open()) return Error(ErrorKind::not_found, "cannot read the token file " + place.token_file);
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<size_t>(file.gcount()));
  if (line.size() > 4096)
    return Error(ErrorKind::invalid_argument,
                 "the token file " + place.token_file + " is longer than 4096 bytes");
  line.resize(std::min(line.find_first_of("\r\n"), line.size()));
  if (line.empty())
    return Error(ErrorKind::invalid_argument,
                 "the first line of the token file " + place.token_file + " is empty");
  place.token = std::move(line);
  return {};
}

std::string Place::authorization() const {
  if (!token.empty()) return base64(token);
  return user.empty() ? "" : base64(user + ":" + password);
}

}  // namespace elanus::store_milvus
