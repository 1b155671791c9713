// Text that is published compressed.
#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"

namespace elanus::io {

// The content of a gzip file (RFC 1952), all of its members. `what` names the source in errors. corrupt: no
// gzip, damaged or cut off; too_large when there are more than max_bytes. Thread-safety: pure.
Result<std::string> gunzip(std::span<const std::byte> bytes, size_t max_bytes, const std::string& what);

}  // namespace elanus::io
