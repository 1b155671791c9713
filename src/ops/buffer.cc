#include "ops/buffer.h"

#include <sys/mman.h>

#include <cstdlib>
#include <string>

#include "base/checked.h"

namespace elanus::ops {

void Buffer::Free::operator()(std::byte* p) const { std::free(p); }

Result<Buffer> Buffer::allocate(size_t bytes) {
  constexpr size_t kLine = 64, kHuge = size_t{2} << 20;
  const size_t alignment = bytes >= kHuge ? kHuge : kLine;
  const auto with_slack = base::checked_add(bytes, alignment);
  const size_t rounded = with_slack ? *with_slack / alignment * alignment : 0;
  void* memory = rounded == 0 ? nullptr : std::aligned_alloc(alignment, rounded);
  if (memory == nullptr)
    return Error(ErrorKind::too_large, "cannot allocate " + std::to_string(bytes) + " bytes of memory");
  // Only advice: without huge pages the kernels are right and a little slower.
  if (alignment == kHuge) (void)madvise(memory, rounded, MADV_HUGEPAGE);
  Buffer buffer;
  buffer.data_.reset(static_cast<std::byte*>(memory));
  buffer.bytes_ = bytes;
  return buffer;
}

}  // namespace elanus::ops
