// PNG by libpng. Of an animated PNG, its default picture.
#include <png.h>

#include <cstdio>
#include <cstring>

#include "image/codec.h"

namespace elanus::image {
namespace {

// All that a decode owns; it outlives libpng's jump.
struct Job {
  Bytes bytes;
  size_t position = 0;
  Pixels out;
  std::vector<uint8_t> row;
  std::vector<png_bytep> rows;
  std::string message = std::string(160, '\0');
  png_structp png = nullptr;
  png_infop info = nullptr;

  explicit Job(Bytes b) : bytes(b) {}
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() { png_destroy_read_struct(&png, &info, nullptr); }
};

void on_error(png_structp png, png_const_charp text) {
  auto& message = static_cast<Job*>(png_get_error_ptr(png))->message;
  std::snprintf(message.data(), message.size(), "%s", text);
  png_longjmp(png, 1);
}

void read_bytes(png_structp png, png_bytep to, size_t count) {
  Job& job = *static_cast<Job*>(png_get_io_ptr(png));
  if (count > job.bytes.size() - job.position) png_error(png, "the file ends too early");
  std::memcpy(to, job.bytes.data() + job.position, count);
  job.position += count;
}

void limit(png_structp png) {
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // our own cap has already been applied
  png_set_chunk_malloc_max(png, max_metadata_bytes);
  png_set_chunk_cache_max(png, 128);
  // Compressed text can unfold to gigabytes, and none of these is used.
  constexpr png_byte ignored[] = "tEXt\0zTXt\0iTXt\0sPLT\0hIST\0pCAL\0sCAL";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, ignored, sizeof ignored / 5);
}

// 8-bit grey, RGB or RGBA, whatever is stored. 16-bit samples keep their high byte, as in the reference.
void ask_for_8_bit(png_structp png, png_infop info) {
  png_set_expand(png);
  png_set_strip_16(png);
  const bool has_alpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) != 0 ||
                         png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  if (has_alpha) png_set_gray_to_rgb(png);
}

void read_metadata(Job& job) {
  png_bytep exif = nullptr;
  png_uint_32 exif_size = 0;
  if (png_get_eXIf_1(job.png, job.info, &exif_size, &exif) != 0)
    job.out.exif = read_exif({exif, exif_size});
  png_charp name = nullptr;
  png_bytep profile = nullptr;
  png_uint_32 size = 0;
  int compression = 0;
  if (png_get_iCCP(job.png, job.info, &name, &compression, &profile, &size) != 0)
    job.out.icc.assign(profile, profile + size);
}

// Everything that may jump. Nothing with a destructor lives in this frame.
bool read_header(Job& job) {
  if (setjmp(png_jmpbuf(job.png)) != 0) return false;
  png_set_read_fn(job.png, &job, read_bytes);
  limit(job.png);
  png_read_info(job.png, job.info);
  return true;
}

bool read_pixels(Job& job) {
  if (setjmp(png_jmpbuf(job.png)) != 0) return false;
  ask_for_8_bit(job.png, job.info);
  const int passes = png_set_interlace_handling(job.png);
  png_read_update_info(job.png, job.info);
  const png_byte count = png_get_channels(job.png, job.info);
  job.out.layout = count == 1 ? Layout::gray : count == 3 ? Layout::rgb : Layout::rgba;
  const size_t row = png_get_rowbytes(job.png, job.info), height = job.out.height;
  auto& samples = job.out.samples;
  reserve_samples(samples, row * height);
  if (passes == 1) {
    job.row.resize(row);
    for (size_t y = 0; y < height; ++y) {
      png_read_row(job.png, job.row.data(), nullptr);
      samples.insert(samples.end(), job.row.begin(), job.row.end());
    }
  } else {
    samples.resize(row * height);
    job.rows.resize(height);
    for (size_t y = 0; y < height; ++y) job.rows[y] = &samples[y * row];
    png_read_image(job.png, job.rows.data());
  }
  return true;
}

// What follows the pixels may be damaged without loss; the EXIF data may stand there.
void read_trailer(Job& job) {
  if (setjmp(png_jmpbuf(job.png)) != 0) return;
  png_read_end(job.png, job.info);
}

// Width and height in IHDR, which must come first: our cap is applied before libpng sees anything.
Result<void> check_declared(Bytes bytes, const DecodeOptions& options) {
  constexpr size_t ihdr = 8;
  if (bytes.size() < ihdr + 25) return Error{ErrorKind::corrupt, "the file ends inside its header"};
  if (starts_with(bytes, "CgBI", ihdr + 4))
    return Error{ErrorKind::unsupported, "is in Apple's own variant for iPhones, which is not read"};
  if (!starts_with(bytes, "IHDR", ihdr + 4)) return Error{ErrorKind::corrupt, "does not begin with IHDR"};
  const uint8_t* header = octets(bytes) + ihdr + 8;
  const uint32_t width = png_get_uint_32(header), height = png_get_uint_32(header + 4);
  TRY(check_size(width, height, options));
  // Deflate packs at most 1032 to 1.
  constexpr uint64_t samples_of[] = {1, 0, 3, 1, 2, 0, 4};
  const uint64_t samples = header[9] < std::size(samples_of) ? samples_of[header[9]] : 0;
  const uint64_t raw = (uint64_t{width} * samples * header[8] + 7) / 8 * height;
  return check_plausible(bytes.size(), raw / 1032);
}

Result<Pixels> decode(Bytes bytes, const DecodeOptions& options) {
  TRY(check_declared(bytes, options));
  Job job(bytes);
  job.png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, &job, on_error, [](png_structp, png_const_charp) {});
  job.info = job.png != nullptr ? png_create_info_struct(job.png) : nullptr;
  if (job.info == nullptr) return Error{ErrorKind::too_large, "not enough memory to decode it"};
  const auto failed = [&] { return Error{ErrorKind::corrupt, job.message.c_str()}; };

  if (!read_header(job)) return failed();
  job.out.width = png_get_image_width(job.png, job.info);
  job.out.height = png_get_image_height(job.png, job.info);
  TRY(check_size(job.out.width, job.out.height, options));
  if (!read_pixels(job)) return failed();
  read_trailer(job);
  read_metadata(job);
  return std::move(job.out);
}

}  // namespace

const Decoder png_decoder = {Format::png, [](Bytes bytes) { return starts_with(bytes, "\x89PNG\r\n\x1a\n"); },
                             decode};

}  // namespace elanus::image
