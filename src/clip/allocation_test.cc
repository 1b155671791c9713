// The towers' memory is allocated at load. This counts what `new` is asked for, in the whole process; not
// under a sanitizer, which brings its own `new`.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__has_feature)
#define ELANUS_OWN_NEW 1
#elif defined(__has_feature)
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define ELANUS_OWN_NEW 1
#endif
#endif

#ifdef ELANUS_OWN_NEW
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "clip/clip.h"
#include "tests/support/golden_clips.h"

namespace {
std::atomic<size_t> allocations{0};
}  // namespace

void* operator new(size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
void* operator new[](size_t bytes) { return operator new(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

namespace elanus::clip {
namespace {

TEST(Allocation, PicturesNeedNoneAfterTheFirstCall) {
  const auto clip = Clip::load(golden::folder("quick-gelu-f16"), {.threads = 2}).value();
  std::vector<PreparedImage> pictures;
  for (size_t i = 0; i < 40; ++i) pictures.push_back(golden::pictures("quick-gelu-f16")[i % 3]);
  std::vector<float> out(pictures.size() * clip->info().dim);
  ASSERT_TRUE(clip->embed_images(pictures, out).ok());
  const size_t before = allocations.load();
  for (size_t count : {size_t{40}, size_t{1}, size_t{7}}) {
    const bool ok =
        clip->embed_images(std::span(pictures).first(count), std::span(out).first(count * clip->info().dim))
            .ok();
    ASSERT_TRUE(ok);
  }
  EXPECT_EQ(allocations.load() - before, 0u);
}

}  // namespace
}  // namespace elanus::clip
#endif
