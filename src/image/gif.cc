// GIF by giflib: the first frame on its canvas; what it leaves open or transparent is transparent.
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "image/codec.h"

namespace elanus::image {
namespace {

struct Source {
  Bytes bytes;
  size_t position = 0;
};

int read_bytes(GifFileType* gif, GifByteType* to, int count) {
  auto& source = *static_cast<Source*>(gif->UserData);
  const size_t size = std::min(static_cast<size_t>(count), source.bytes.size() - source.position);
  std::memcpy(to, source.bytes.data() + source.position, size);
  source.position += size;
  return static_cast<int>(size);
}

struct CloseGif {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, CloseGif>;

Error failed(int code) {
  if (code == D_GIF_ERR_NOT_ENOUGH_MEM) return {ErrorKind::too_large, "not enough memory to decode it"};
  const char* words = GifErrorString(code);
  return {ErrorKind::corrupt, words != nullptr ? words : "its data is broken"};
}

// Reads up to the first picture; -1 or the palette index that is transparent in it.
Result<int> find_picture(GifFileType* gif) {
  int transparent = NO_TRANSPARENT_COLOR;
  while (true) {
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(gif, &type) == GIF_ERROR) return failed(gif->Error);
    if (type == IMAGE_DESC_RECORD_TYPE) return transparent;
    if (type == TERMINATE_RECORD_TYPE) return Error{ErrorKind::corrupt, "holds no picture"};
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) return failed(gif->Error);
    GraphicsControlBlock control;
    if (code == GRAPHICS_EXT_FUNC_CODE && block != nullptr &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
      transparent = control.TransparentColor;
    while (block != nullptr)
      if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return failed(gif->Error);
  }
}

struct Rgba {
  uint8_t r, g, b, a;
};

// All 256 indices; grey levels where the file has no palette, black beyond its end.
std::vector<Rgba> palette_of(const GifFileType* gif, int transparent) {
  std::vector<Rgba> palette(256, Rgba{0, 0, 0, 255});
  const ColorMapObject* map = gif->Image.ColorMap != nullptr ? gif->Image.ColorMap : gif->SColorMap;
  for (size_t i = 0; i < palette.size(); ++i) {
    const auto grey = static_cast<uint8_t>(i);
    if (map == nullptr)
      palette[i] = {grey, grey, grey, 255};
    else if (i < static_cast<size_t>(map->ColorCount))
      palette[i] = {map->Colors[i].Red, map->Colors[i].Green, map->Colors[i].Blue, 255};
  }
  if (transparent >= 0) palette[static_cast<size_t>(transparent)].a = 0;
  return palette;
}

// The row of the picture that is stored as the i-th, when rows come in four passes.
size_t interlaced_row(size_t i, size_t height) {
  constexpr size_t start[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
  for (size_t pass = 0; pass < 4; ++pass) {
    const size_t rows = height > start[pass] ? (height - start[pass] + step[pass] - 1) / step[pass] : 0;
    if (i < rows) return start[pass] + i * step[pass];
    i -= rows;
  }
  return 0;
}

Result<Pixels> decode(Bytes bytes, const DecodeOptions& options) {
  Source source{bytes};
  int error = 0;
  const Gif gif(DGifOpen(&source, read_bytes, &error));
  if (!gif) return failed(error);
  const int transparent = TRY(find_picture(gif.get()));
  if (DGifGetImageDesc(gif.get()) == GIF_ERROR) return failed(gif->Error);
  const GifImageDesc& frame = gif->Image;
  if (frame.Left < 0 || frame.Top < 0 || frame.Width <= 0 || frame.Height <= 0)
    return Error{ErrorKind::corrupt, "its first frame is empty"};
  const auto left = static_cast<size_t>(frame.Left), top = static_cast<size_t>(frame.Top);
  const auto width = static_cast<size_t>(frame.Width), height = static_cast<size_t>(frame.Height);
  // A frame that sticks out of the canvas enlarges it, as in the reference.
  const size_t canvas_width = std::max(static_cast<size_t>(gif->SWidth), left + width);
  const size_t canvas_height = std::max(static_cast<size_t>(gif->SHeight), top + height);
  TRY(check_size(canvas_width, canvas_height, options));
  // A code of at most 12 bits stands for at most 4096 pixels.
  TRY(check_plausible(bytes.size(), uint64_t{width} * height / 4096));

  Pixels out{.width = static_cast<uint32_t>(canvas_width), .height = static_cast<uint32_t>(canvas_height)};
  const auto palette = palette_of(gif.get(), transparent);
  const bool opaque = transparent < 0 && width == canvas_width && height == canvas_height;
  out.layout = opaque ? Layout::rgb : Layout::rgba;
  const size_t step = channels(out.layout);
  out.samples.resize(canvas_width * canvas_height * step);
  std::vector<GifPixelType> line(width);
  for (size_t i = 0; i < height; ++i) {
    if (DGifGetLine(gif.get(), line.data(), frame.Width) == GIF_ERROR) return failed(gif->Error);
    const size_t row = frame.Interlace ? interlaced_row(i, height) : i;
    uint8_t* to = &out.samples[((top + row) * canvas_width + left) * step];
    for (const GifPixelType index : line) to = std::copy_n(&palette[index].r, step, to);
  }
  return out;
}

bool sniff(Bytes bytes) { return starts_with(bytes, "GIF87a") || starts_with(bytes, "GIF89a"); }

}  // namespace

const Decoder gif_decoder = {Format::gif, sniff, decode};

}  // namespace elanus::image
