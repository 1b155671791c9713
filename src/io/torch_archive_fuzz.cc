#include "io/torch_archive.h"

#include <cstdint>
#include <cstdlib>

#include "io/pickle.h"

// The input as an archive, and as a bare pickle, which mutation seldom reaches inside a zip.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace elanus::io;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto archive = parse_torch_archive(bytes, "fuzz");
  if (archive.ok())
    for (const auto& [name, view] : archive->tensors)
      if (view.data.size() < view.elements() ||
          (!view.data.empty() && (view.data.data() < bytes.data() ||
                                  view.data.data() + view.data.size() > bytes.data() + bytes.size())))
        std::abort();
  const auto pickle = parse_pickle(
      bytes, [](std::string_view, std::string_view) { return true; }, "fuzz");
  if (pickle.ok() && pickle->root >= pickle->nodes.size()) std::abort();
  return 0;
}
