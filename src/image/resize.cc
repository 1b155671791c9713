#include "image/resize.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked.h"
#include "image/resample.h"

namespace elanus::image {
namespace {

struct Kernels {
  decltype(&horizontal_scalar) horizontal;
  decltype(&vertical_scalar) vertical;
};

// The part of the window that lies inside the resized picture.
struct Inside {
  int64_t x = 0, y = 0, width = 0, height = 0;
};

Inside inside(const ResizeCrop& plan) {
  const int64_t x0 = std::max<int64_t>(plan.crop_x, 0), y0 = std::max<int64_t>(plan.crop_y, 0);
  const int64_t x1 = std::min(plan.crop_x + plan.crop_width, plan.width);
  const int64_t y1 = std::min(plan.crop_y + plan.crop_height, plan.height);
  return {x0, y0, std::max<int64_t>(x1 - x0, 0), std::max<int64_t>(y1 - y0, 0)};
}

Result<void> check(const Image& source, const ResizeCrop& plan, std::span<uint8_t> out) {
  constexpr int64_t max_side = int64_t{1} << 48;  // far from any overflow below
  const auto good = [](int64_t side) { return side >= 1 && side < max_side; };
  if (!good(plan.width) || !good(plan.height) || !good(plan.crop_width) || !good(plan.crop_height) ||
      std::abs(plan.crop_x) >= max_side || std::abs(plan.crop_y) >= max_side)
    return Error{ErrorKind::invalid_argument, "resizing to a size that cannot be"};
  const auto have = base::checked_mul(source.width, source.height, 3);
  if (source.width == 0 || source.height == 0 || have != source.rgb.size())
    return Error{ErrorKind::invalid_argument, "a picture of " + std::to_string(source.width) + "x" +
                                                  std::to_string(source.height) + " pixels holds " +
                                                  std::to_string(source.rgb.size()) + " bytes"};
  const auto want =
      base::checked_mul(static_cast<size_t>(plan.crop_width), static_cast<size_t>(plan.crop_height), 3);
  if (want != out.size())
    return Error{ErrorKind::invalid_argument, "expected room for " + std::to_string(plan.crop_width) + "x" +
                                                  std::to_string(plan.crop_height) + " pixels, got " +
                                                  std::to_string(out.size()) + " bytes"};
  return {};
}

// The whole picture's width and height, whatever part of it is here.
Inside whole_of(const Image& source) {
  if (source.part.of_width == 0 || source.part.of_height == 0) return {0, 0, source.width, source.height};
  return {source.part.left, source.part.top, source.part.of_width, source.part.of_height};
}

// Moves inputs [first.front(), end) of the whole to where they are in the `have` ones that begin at `start`.
Result<void> move_into_part(std::vector<int64_t>& first, int64_t end, int64_t start, int64_t have) {
  if (first.front() < start || end > start + have)
    return Error{ErrorKind::invalid_argument,
                 "expected rows or columns " + std::to_string(first.front()) + " to " + std::to_string(end) +
                     " of the picture, got only " + std::to_string(start) + " to " +
                     std::to_string(start + have) + ": decode the whole"};
  for (int64_t& at : first) at -= start;
  return {};
}

uint8_t* row_of(const ResizeCrop& plan, const Inside& part, int64_t y, std::span<uint8_t> out) {
  return &out[static_cast<size_t>((part.y - plan.crop_y + y) * plan.crop_width + part.x - plan.crop_x) * 3];
}

// The source position of each output, added up step by step as the reference does, so that it rounds alike.
std::vector<int64_t> nearest_positions(int64_t in, int64_t out, int64_t from, int64_t count) {
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  std::vector<int64_t> positions;
  double at = scale * 0.5;
  for (int64_t i = 0; i < from; ++i) at += scale;
  for (int64_t i = 0; i < count; ++i, at += scale)
    positions.push_back(std::min(static_cast<int64_t>(at), in - 1));
  return positions;
}

Result<void> nearest(const Image& source, const ResizeCrop& plan, const Inside& part,
                     std::span<uint8_t> out) {
  const Inside whole = whole_of(source);
  auto columns = nearest_positions(whole.width, plan.width, part.x, part.width);
  auto rows = nearest_positions(whole.height, plan.height, part.y, part.height);
  TRY(move_into_part(columns, columns.back() + 1, whole.x, source.width));
  TRY(move_into_part(rows, rows.back() + 1, whole.y, source.height));
  for (int64_t y = 0; y < part.height; ++y) {
    const uint8_t* from = &source.rgb[static_cast<size_t>(rows[static_cast<size_t>(y)] * source.width) * 3];
    uint8_t* to = row_of(plan, part, y, out);
    for (const int64_t column : columns) to = std::copy_n(from + column * 3, 3, to);
  }
  return {};
}

Result<void> resample(const Image& source, const ResizeCrop& plan, const Inside& part, const Kernels& kernels,
                      std::span<uint8_t> out) {
  const Inside whole = whole_of(source);
  auto columns = TRY(make_weights(whole.width, plan.width, part.x, part.width, plan.filter));
  auto rows = TRY(make_weights(whole.height, plan.height, part.y, part.height, plan.filter));
  TRY(move_into_part(columns.first, columns.end(), whole.x, source.width));
  TRY(move_into_part(rows.first, rows.end(), whole.y, source.height));
  const int64_t top = rows.first.front();
  const auto height = static_cast<size_t>(rows.end() - top);
  const size_t from_step = size_t{source.width} * 3, row = columns.count * 3, step = row + 1;
  constexpr size_t max_bytes = size_t{256} << 20;
  const auto bytes = base::checked_mul(height, step);
  if (!bytes || *bytes > max_bytes)
    return Error{ErrorKind::too_large, "resizing " + std::to_string(source.width) + "x" +
                                           std::to_string(source.height) + " to " +
                                           std::to_string(plan.width) + "x" + std::to_string(plan.height) +
                                           " pixels needs more than 256 MiB"};
  std::vector<uint8_t> narrow(*bytes);
  kernels.horizontal({.from = source.rgb.data() + static_cast<size_t>(top) * from_step,
                      .from_step = from_step,
                      .readable = source.rgb.data() + source.rgb.size(),
                      .to = narrow.data(),
                      .to_step = step,
                      .rows = height,
                      .outputs = columns.count,
                      .stride = columns.stride,
                      .first = columns.first.data(),
                      .taps = columns.taps.data(),
                      .weight = columns.weight.data(),
                      .split = columns.split.data()});
  for (size_t y = 0; y < rows.count; ++y)
    kernels.vertical(&narrow[static_cast<size_t>(rows.first[y] - top) * step], step,
                     &rows.weight[y * rows.stride], static_cast<size_t>(rows.taps[y]), row,
                     row_of(plan, part, static_cast<int64_t>(y), out));
  return {};
}

Result<void> resize_with(const Kernels& kernels, const Image& source, const ResizeCrop& plan,
                         std::span<uint8_t> out) {
  TRY(check(source, plan, out));
  const Inside part = inside(plan);
  if (part.width != plan.crop_width || part.height != plan.crop_height) std::ranges::fill(out, uint8_t{0});
  if (part.width == 0 || part.height == 0) return {};
  if (plan.filter != Filter::nearest) return resample(source, plan, part, kernels, out);
  if (std::max(plan.width, plan.height) > 1 << 24)
    return Error{ErrorKind::too_large, "resizing by nearest pixel to more than 2^24 pixels"};
  return nearest(source, plan, part, out);
}

}  // namespace

Result<void> resize_crop(const Image& source, const ResizeCrop& plan, std::span<uint8_t> out) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  if (has_avx2) return resize_with({horizontal_avx2, vertical_avx2}, source, plan, out);
#endif
  return resize_with({horizontal_scalar, vertical_scalar}, source, plan, out);
}

Result<void> reference::resize_crop(const Image& source, const ResizeCrop& plan, std::span<uint8_t> out) {
  return resize_with({horizontal_scalar, vertical_scalar}, source, plan, out);
}

}  // namespace elanus::image
