#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace elanus::base {

const char* to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_argument: return "invalid_argument";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::already_exists: return "already_exists";
    case ErrorKind::unsupported: return "unsupported";
    case ErrorKind::corrupt: return "corrupt";
    case ErrorKind::mismatch: return "mismatch";
    case ErrorKind::too_large: return "too_large";
    case ErrorKind::permission: return "permission";
    case ErrorKind::no_space: return "no_space";
    case ErrorKind::io: return "io";
    case ErrorKind::busy: return "busy";
    case ErrorKind::cancelled: return "cancelled";
  }
  return "io";
}

namespace {
ErrorKind kind_of(int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR: return ErrorKind::not_found;
    case EEXIST: return ErrorKind::already_exists;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorKind::permission;
    case ENOSPC:
    case EDQUOT: return ErrorKind::no_space;
    case ENAMETOOLONG:
    case EISDIR:
    case EINVAL: return ErrorKind::invalid_argument;
    case ENOMEM:
    case EFBIG: return ErrorKind::too_large;
    case EAGAIN:
    case EBUSY: return ErrorKind::busy;
    default: return ErrorKind::io;
  }
}
}  // namespace

Error errno_error(const std::string& what, int errno_value) {
  char text[128];
  return {kind_of(errno_value), what + ": " + strerror_r(errno_value, text, sizeof text)};
}

}  // namespace elanus::base
