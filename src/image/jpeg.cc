// JPEG by libjpeg-turbo: baseline, progressive, arithmetic; grey, YCbCr, RGB, CMYK, YCCK.
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include <jerror.h>

#include <algorithm>

#include "image/codec.h"
#include "image/jpeg_errors.h"

namespace elanus::image {
namespace {

// All that a decode owns; it outlives the jump.
struct Job {
  Bytes bytes;
  const DecodeOptions& options;
  Pixels out;
  std::vector<uint8_t> rows;
  uint64_t scanned_pixels = 0;
  int scan = 0;
  bool several_scans = true;
  jpeg_decompress_struct jpeg{};
  jpeg_progress_mgr progress{};
  JpegErrors errors{};

  Job(Bytes b, const DecodeOptions& o) : bytes(b), options(o) {}
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() { jpeg_destroy_decompress(&jpeg); }
};

[[noreturn]] void fail_with(Job& job, ErrorKind kind, const char* message) {
  job.errors.kind = kind;
  std::snprintf(job.errors.message, sizeof job.errors.message, "%s", message);
  std::longjmp(job.errors.back, 1);
}

// Which of libjpeg's warnings mean that pixels are wrong or missing. A missing end marker alone loses nothing
// when there is one scan (an incomplete scan is reported on its own); with several, whole scans may be gone.
bool loses_pixels(j_common_ptr common) {
  switch (common->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      return true;
    case JWRN_JPEG_EOF:
      return static_cast<Job*>(common->client_data)->several_scans;
    default:
      return false;
  }
}

void on_message(j_common_ptr jpeg, int level) {
  if (level < 0 && loses_pixels(jpeg)) jump_back(jpeg);
}

// A file of a few kilobytes may hold thousands of empty scans of a huge picture. Real ones have about ten.
void on_progress(j_common_ptr common) {
  auto* jpeg = reinterpret_cast<j_decompress_ptr>(common);
  Job& job = *static_cast<Job*>(common->client_data);
  if (jpeg->input_scan_number == job.scan) return;
  job.scan = jpeg->input_scan_number;
  job.scanned_pixels += uint64_t{jpeg->image_width} * jpeg->image_height;
  constexpr int max_scans = 500;
  constexpr uint64_t max_scanned_pixels = 2'500'000'000;
  if (job.scan > max_scans || job.scanned_pixels > max_scanned_pixels)
    fail_with(job, ErrorKind::too_large, "too many scans");
}

// 1, 2, 4 or 8: as small as the picture may become.
unsigned denominator(const jpeg_decompress_struct& jpeg, uint32_t short_side) {
  if (short_side == 0) return 1;
  const unsigned side = std::min(jpeg.image_width, jpeg.image_height);
  unsigned denominator = 8;
  while (denominator > 1 && (side + denominator - 1) / denominator < short_side) denominator /= 2;
  return denominator;
}

void read_metadata(Job& job) {
  bool found = false;
  for (auto* marker = job.jpeg.marker_list; marker != nullptr; marker = marker->next)
    if (marker->marker == JPEG_APP0 + 1 && !found)
      if (starts_with(std::as_bytes(std::span(marker->data, marker->data_length)),
                      std::string_view("Exif\0", 5))) {
        job.out.exif = read_exif({marker->data, marker->data_length});
        found = job.out.exif.orientation != 1;
      }
  JOCTET* profile = nullptr;
  unsigned size = 0;
  if (!jpeg_read_icc_profile(&job.jpeg, &profile, &size)) return;
  if (size <= max_metadata_bytes) job.out.icc.assign(profile, profile + size);
  std::free(profile);
}

// Everything that may jump. Nothing with a destructor lives in this frame.
bool read_header(Job& job) {
  if (setjmp(job.errors.back) != 0) return false;
  jpeg_decompress_struct& jpeg = job.jpeg;
  jpeg_create_decompress(&jpeg);
  jpeg.client_data = &job;
  jpeg.progress = &job.progress;
  jpeg.mem->max_memory_to_use = static_cast<long>(max_intermediate_bytes);
  jpeg_mem_src(&jpeg, octets(job.bytes), job.bytes.size());
  jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_save_markers(&jpeg, JPEG_APP0 + 2, 0xffff);
  jpeg_read_header(&jpeg, TRUE);
  job.several_scans = jpeg_has_multiple_scans(&jpeg) != 0;
  return true;
}

bool read_pixels(Job& job) {
  if (setjmp(job.errors.back) != 0) return false;
  jpeg_decompress_struct& jpeg = job.jpeg;
  jpeg.scale_num = 1;
  jpeg.scale_denom = denominator(jpeg, job.options.scale_to_short_side);
  switch (jpeg.jpeg_color_space) {
    case JCS_GRAYSCALE:
      jpeg.out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      jpeg.out_color_space = JCS_CMYK;
      break;
    default:
      jpeg.out_color_space = JCS_RGB;
      break;
  }
  jpeg_start_decompress(&jpeg);
  const unsigned shorter = std::min(jpeg.output_width, jpeg.output_height);
  const Range columns = middle(jpeg.output_width, shorter, job.options.middle_for_side);
  const Range rows = middle(jpeg.output_height, shorter, job.options.middle_for_side);
  job.out.part = {columns.first, rows.first, jpeg.output_width, jpeg.output_height};
  JDIMENSION width = columns.count;
  if (width < jpeg.output_width) jpeg_crop_scanline(&jpeg, &job.out.part.left, &width);  // or a little more
  job.out.width = width;
  job.out.height = rows.count;
  job.out.layout = jpeg.output_components == 1   ? Layout::gray
                   : jpeg.output_components == 3 ? Layout::rgb
                                                 : Layout::cmyk;
  // A few rows at a time are decoded into cache and appended, so that the picture is written to memory once.
  constexpr unsigned batch = 16;
  const size_t row = size_t{width} * static_cast<unsigned>(jpeg.output_components);
  job.rows.resize(row * batch);
  reserve_samples(job.out.samples, row * rows.count);
  JSAMPROW starts[batch];
  for (unsigned i = 0; i < batch; ++i) starts[i] = &job.rows[i * row];
  if (rows.first != 0) jpeg_skip_scanlines(&jpeg, rows.first);
  const unsigned end = rows.first + rows.count;
  while (jpeg.output_scanline < end) {
    unsigned have = 0;
    while (have < batch && jpeg.output_scanline < end)
      have += jpeg_read_scanlines(&jpeg, starts + have, std::min(batch - have, end - jpeg.output_scanline));
    job.out.samples.insert(job.out.samples.end(), job.rows.begin(),
                           job.rows.begin() + static_cast<ptrdiff_t>(have * row));
  }
  // What follows is read over but for the last row: to skip to the end would be not to notice that it is
  // missing.
  if (end < jpeg.output_height) {
    jpeg_skip_scanlines(&jpeg, jpeg.output_height - end - 1);
    jpeg_read_scanlines(&jpeg, starts, 1);
  }
  return true;
}

Result<Pixels> decode(Bytes bytes, const DecodeOptions& options) {
  Job job(bytes, options);
  job.jpeg.err = job.errors.install();
  job.errors.manager.emit_message = on_message;
  job.progress.progress_monitor = on_progress;
  const auto failed = [&] { return Error(job.errors.kind, job.errors.message); };

  if (!read_header(job)) return failed();
  TRY(check_size(job.jpeg.image_width, job.jpeg.image_height, options));
  // Huffman codes spend at least one bit on each 8 x 8 block.
  if (!job.jpeg.arith_code)
    TRY(check_plausible(bytes.size(), uint64_t{job.jpeg.image_width} * job.jpeg.image_height / 512));
  read_metadata(job);
  job.out.full_width = job.jpeg.image_width;
  job.out.full_height = job.jpeg.image_height;
  if (!read_pixels(job)) return failed();
  // Files with four components come from Adobe's programs, which store ink inverted, marked or not.
  if (job.out.layout == Layout::cmyk)
    for (uint8_t& ink : job.out.samples) ink = static_cast<uint8_t>(255 - ink);
  return std::move(job.out);
}

}  // namespace

const Decoder jpeg_decoder = {Format::jpeg, [](Bytes bytes) { return starts_with(bytes, "\xff\xd8\xff"); },
                              decode};

}  // namespace elanus::image
