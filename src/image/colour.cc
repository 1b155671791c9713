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

struct Converter {
  Context context;      // outlives the transform
  Transform transform;  // null: the pixels stay as they are
};

Converter make_converter(const std::vector<uint8_t>& icc, Layout layout) {
  Converter converter{make_context(), nullptr};
  if (!converter.context) return converter;
  const auto context = static_cast<cmsContext>(converter.context.get());
  const Types types = types_of(layout);
  const Profile source(
      cmsOpenProfileFromMemTHR(context, icc.data(), static_cast<cmsUInt32Number>(icc.size())));
  if (!source || cmsGetColorSpace(source.get()) != types.space) return converter;
  const Profile srgb(cmsCreate_sRGBProfileTHR(context));
  if (!srgb) return converter;
  converter.transform.reset(cmsCreateTransformTHR(context, source.get(), types.in, srgb.get(), types.out,
                                                  INTENT_PERCEPTUAL, cmsFLAGS_COPY_ALPHA));
  if (converter.transform && changes_nothing(converter.transform.get(), layout)) converter.transform.reset();
  return converter;
}

// Building a converter takes longer than decoding a small photograph, and the photographs of a folder share a
// few profiles: each thread keeps the last ones.
class RecentConverters {
 public:
  const Converter& find(const std::vector<uint8_t>& icc, Layout layout) {
    const auto same = [&](const Entry& entry) { return entry.layout == layout && entry.icc == icc; };
    auto found = std::find_if(entries_.begin(), entries_.end(), same);
    if (found == entries_.end()) {
      constexpr size_t most = 4;
      if (entries_.size() == most) entries_.pop_back();
      found = entries_.insert(entries_.end(), {icc, layout, make_converter(icc, layout)});
    }
    std::rotate(entries_.begin(), found, found + 1);
    return entries_.front().converter;
  }

 private:
  struct Entry {
    std::vector<uint8_t> icc;
    Layout layout;
    Converter converter;
  };
  std::vector<Entry> entries_;  // the latest first
};

void convert(cmsHTRANSFORM transform, Layout result, Pixels& pixels) {
  const size_t in_row = pixels.width * channels(pixels.layout), out_row = pixels.width * channels(result);
  std::vector<uint8_t> row;
  const auto convert_row = [&](const uint8_t* from, uint8_t* to) {
    row.assign(from, from + in_row);
    cmsDoTransform(transform, row.data(), to, pixels.width);
  };
  if (out_row <= in_row) {  // in place: the output never overtakes the input
    for (size_t y = 0; y < pixels.height; ++y)
      convert_row(&pixels.samples[y * in_row], &pixels.samples[y * out_row]);
    pixels.samples.resize(out_row * pixels.height);
  } else {
    std::vector<uint8_t> wider(out_row * pixels.height);
    for (size_t y = 0; y < pixels.height; ++y) convert_row(&pixels.samples[y * in_row], &wider[y * out_row]);
    pixels.samples = std::move(wider);
  }
  pixels.layout = result;
}

}  // namespace

void apply_profile(Pixels& pixels) {
  constexpr size_t max_kept_bytes = 64 << 10;
  if (pixels.icc.empty() || pixels.icc.size() > max_metadata_bytes) return;
  const Layout result = types_of(pixels.layout).result;
  if (pixels.icc.size() > max_kept_bytes) {
    const Converter converter = make_converter(pixels.icc, pixels.layout);
    if (converter.transform) convert(converter.transform.get(), result, pixels);
    return;
  }
  thread_local RecentConverters recent;
  const Converter& converter = recent.find(pixels.icc, pixels.layout);
  if (converter.transform) convert(converter.transform.get(), result, pixels);
}

}  // namespace elanus::image
