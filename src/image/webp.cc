// WebP by libwebp: lossy, lossless, alpha; of an animation the first frame, laid on its canvas.
#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <memory>

#include "image/codec.h"

namespace elanus::image {
namespace {

struct DeleteDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
struct Frame : WebPIterator {
  Frame() : WebPIterator{} {}
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  ~Frame() { WebPDemuxReleaseIterator(this); }
};

std::span<const uint8_t> chunk(const WebPDemuxer* demuxer, const char* name, WebPChunkIterator& iterator) {
  if (WebPDemuxGetChunk(demuxer, name, 1, &iterator) == 0) return {};
  const std::span<const uint8_t> bytes(iterator.chunk.bytes, iterator.chunk.size);
  WebPDemuxReleaseChunkIterator(&iterator);
  return bytes.size() <= max_metadata_bytes ? bytes : std::span<const uint8_t>();
}

Error failed(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY:
      return {ErrorKind::too_large, "not enough memory to decode it"};
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return {ErrorKind::unsupported, "uses a feature that is not read"};
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return {ErrorKind::corrupt, "the file ends too early"};
    default:
      return {ErrorKind::corrupt, "its data is broken"};
  }
}

// Decodes one bitstream of width x height pixels to `to`, rows `stride` bytes apart.
VP8StatusCode decode_stream(const WebPData& data, bool alpha, uint8_t* to, size_t stride, size_t size) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return VP8_STATUS_INVALID_PARAM;
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {to, static_cast<int>(stride), size};
  return WebPDecode(data.bytes, data.size, &config);
}

Result<Pixels> decode(Bytes bytes, const DecodeOptions& options) {
  const WebPData data = {octets(bytes), bytes.size()};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  const std::unique_ptr<WebPDemuxer, DeleteDemuxer> demuxer(WebPDemuxPartial(&data, &state));
  if (!demuxer || state < WEBP_DEMUX_PARSED_HEADER) return failed(VP8_STATUS_BITSTREAM_ERROR);
  Pixels out;
  out.width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  out.height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  TRY(check_size(out.width, out.height, options));
  Frame frame;
  if (WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) return failed(VP8_STATUS_NOT_ENOUGH_DATA);
  if (frame.complete == 0) return failed(VP8_STATUS_NOT_ENOUGH_DATA);
  const auto width = static_cast<size_t>(frame.width), height = static_cast<size_t>(frame.height);
  const auto x = static_cast<size_t>(frame.x_offset), y = static_cast<size_t>(frame.y_offset);
  if (x + width > out.width || y + height > out.height) return failed(VP8_STATUS_BITSTREAM_ERROR);

  const bool whole = width == out.width && height == out.height;
  const bool alpha = frame.has_alpha != 0 || !whole;
  out.layout = alpha ? Layout::rgba : Layout::rgb;
  const size_t step = channels(out.layout), stride = out.width * step;
  reserve_samples(out.samples, stride * out.height);
  out.samples.resize(stride * out.height);
  const size_t start = y * stride + x * step;
  const VP8StatusCode status =
      decode_stream(frame.fragment, alpha, &out.samples[start], stride, out.samples.size() - start);
  if (status != VP8_STATUS_OK) return failed(status);

  WebPChunkIterator iterator;
  const auto profile = chunk(demuxer.get(), "ICCP", iterator);
  out.icc.assign(profile.begin(), profile.end());
  const auto exif = chunk(demuxer.get(), "EXIF", iterator);
  // EXIF data stands behind the pixels: a file cut before it would come out on its side.
  const bool promised = (WebPDemuxGetI(demuxer.get(), WEBP_FF_FORMAT_FLAGS) & EXIF_FLAG) != 0;
  if (exif.empty() && promised && state != WEBP_DEMUX_DONE) return failed(VP8_STATUS_NOT_ENOUGH_DATA);
  out.exif = read_exif(exif);
  return out;
}

bool sniff(Bytes bytes) { return starts_with(bytes, "RIFF") && starts_with(bytes, "WEBP", 8); }

}  // namespace

const Decoder webp_decoder = {Format::webp, sniff, decode};

}  // namespace elanus::image
