#include "image/colour.h"

#include <lcms2.h>
#include <lcms2_plugin.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace elanus::image {
namespace {

// A profile may declare a table of hundreds of megabytes; none that describes a real device comes near this.
constexpr cmsUInt32Number max_block = 32u << 20;

void* bounded_malloc(cmsContext, cmsUInt32Number size) {
  return size <= max_block ? std::malloc(size) : nullptr;
}
void bounded_free(cmsContext, void* block) { std::free(block); }
void* bounded_realloc(cmsContext, void* block, cmsUInt32Number size) {
  return size <= max_block ? std::realloc(block, size) : nullptr;
}

struct CloseContext {
  void operator()(void* context) const { cmsDeleteContext(static_cast<cmsContext>(context)); }
};
struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct CloseTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Context = std::unique_ptr<void, CloseContext>;
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, CloseTransform>;

Context make_context() {
  cmsPluginMemHandler memory{};
  memory.base = {cmsPluginMagicNumber, 2000, cmsPluginMemHandlerSig, nullptr};
  memory.MallocPtr = bounded_malloc;
  memory.FreePtr = bounded_free;
  memory.ReallocPtr = bounded_realloc;
  Context context(cmsCreateContext(&memory, nullptr));
  if (context)
    cmsSetLogErrorHandlerTHR(static_cast<cmsContext>(context.get()),
                             [](cmsContext, cmsUInt32Number, const char*) {});
  return context;
}

struct Types {
  cmsColorSpaceSignature space;
  cmsUInt32Number in, out;
  Layout result;
};

Types types_of(Layout layout) {
  switch (layout) {
    case Layout::gray:
      return {cmsSigGrayData, TYPE_GRAY_8, TYPE_RGB_8, Layout::rgb};
    case Layout::cmyk:
      return {cmsSigCmykData, TYPE_CMYK_8, TYPE_RGB_8, Layout::rgb};
    case Layout::rgba:
      return {cmsSigRgbData, TYPE_RGBA_8, TYPE_RGBA_8, Layout::rgba};
    case Layout::rgb:
      break;
  }
  return {cmsSigRgbData, TYPE_RGB_8, TYPE_RGB_8, Layout::rgb};
}

// True when the colours of a 6 x 6 x 6 grid stay within 2 levels: the profile is sRGB by another name.
bool changes_nothing(cmsHTRANSFORM transform, Layout layout) {
  if (layout == Layout::cmyk) return false;
  const size_t in_step = channels(layout), out_step = layout == Layout::rgba ? 4 : 3;
  constexpr size_t steps = 6, count = steps * steps * steps;
  std::vector<uint8_t> in(count * in_step, 255), out(count * out_step, 255);
  const auto level = [&](size_t i, size_t c) {
    if (layout == Layout::gray) return static_cast<uint8_t>(i);
    constexpr size_t divisor[] = {1, steps, steps * steps};
    return static_cast<uint8_t>(i / divisor[c] % steps * 51);
  };
  for (size_t i = 0; i < count; ++i)
    for (size_t c = 0; c < std::min<size_t>(in_step, 3); ++c) in[i * in_step + c] = level(i, c);
  cmsDoTransform(transform, in.data(), out.data(), count);
  for (size_t i = 0; i < count; ++i)
    for (size_t c = 0; c < 3; ++c)
      if (std::abs(int{out[i * out_step + c]} - int{level(i, c)}) > 2) return false;
  return true;
}

}  // namespace

void apply_profile(Pixels& pixels) {
  if (pixels.icc.empty() || pixels.icc.size() > max_metadata_bytes) return;
  const Types types = types_of(pixels.layout);
  const Context context = make_context();
  if (!context) return;
  const auto handle = static_cast<cmsContext>(context.get());
  const Profile source(
      cmsOpenProfileFromMemTHR(handle, pixels.icc.data(), static_cast<cmsUInt32Number>(pixels.icc.size())));
  if (!source || cmsGetColorSpace(source.get()) != types.space) return;
  const Profile srgb(cmsCreate_sRGBProfileTHR(handle));
  if (!srgb) return;
  const Transform transform(cmsCreateTransformTHR(handle, source.get(), types.in, srgb.get(), types.out,
                                                  INTENT_PERCEPTUAL, cmsFLAGS_COPY_ALPHA));
  if (!transform || changes_nothing(transform.get(), pixels.layout)) return;

  const size_t in_row = pixels.width * channels(pixels.layout),
               out_row = pixels.width * channels(types.result);
  const auto convert = [&](const uint8_t* from, uint8_t* to, std::vector<uint8_t>& row) {
    row.assign(from, from + in_row);
    cmsDoTransform(transform.get(), row.data(), to, pixels.width);
  };
  std::vector<uint8_t> row;
  if (out_row <= in_row) {  // in place: the output never overtakes the input
    for (size_t y = 0; y < pixels.height; ++y)
      convert(&pixels.samples[y * in_row], &pixels.samples[y * out_row], row);
    pixels.samples.resize(out_row * pixels.height);
  } else {
    std::vector<uint8_t> wider(out_row * pixels.height);
    for (size_t y = 0; y < pixels.height; ++y) convert(&pixels.samples[y * in_row], &wider[y * out_row], row);
    pixels.samples = std::move(wider);
  }
  pixels.layout = types.result;
}

}  // namespace elanus::image
