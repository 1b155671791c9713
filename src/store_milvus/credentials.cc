// The half of Place that handles secrets.
#include <fstream>
#include <utility>

#include "base/base64.h"
#include "store_milvus/place.h"

namespace elanus::store_milvus {
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
  if (!token.empty()) return base::base64(token);
  return user.empty() ? "" : base::base64(user + ":" + password);
}

}  // namespace elanus::store_milvus
