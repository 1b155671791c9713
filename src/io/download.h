// A file from the network: resumed after a cut, checked before it has its name.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace elanus::io {

struct Download {
  std::string url;
  std::string bearer;  // see HttpRequest
  std::filesystem::path to;
  // A SHA-256 or git blob id that the content must have; when empty, the one that the asked host itself gives
  // for it (X-Linked-ETag, else ETag: the Hugging Face hub has either for every file).
  std::string digest;
};

struct Downloaded {
  uint64_t bytes = 0;
  std::string digest;  // that was checked, empty when nobody gave one
  std::string commit;  // X-Repo-Commit, when the host says so
};

// Bytes of the file that are here and in all (0: not known); false stops.
using OnBytes = std::function<bool(uint64_t done, uint64_t total)>;

// The file is at `to` only when it is whole and right. Until then its beginning is in `to`.part, beside a
// note of what it is the beginning of, and the next call goes on from there if the host still has the same
// content; a connection that breaks after bringing something is taken up again at once.
//   cancelled; io: no network, broken off, server trouble; permission: 401 and 403; not_found: 404;
//   corrupt: another content than the digest says (the part is deleted); no_space, with how much is missing.
Result<Downloaded> download(const Download& what, const OnBytes& on_bytes);

}  // namespace elanus::io
