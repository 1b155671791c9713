// An address is read or refused, whatever it is; what is read can be shown without its credentials.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "store_milvus/place.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string uri(reinterpret_cast<const char*>(data), size);
  const auto place = elanus::store_milvus::parse_place(uri);
  if (!place.ok()) return 0;
  // What is shown is an address again, of the same place.
  const auto again = elanus::store_milvus::parse_place(place->shown());
  if (!again.ok() || again->host != place->host || again->port != place->port ||
      again->collection != place->collection || !again->password.empty())
    std::abort();
  return 0;
}
