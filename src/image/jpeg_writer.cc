#include "image/jpeg_writer.h"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include <string>

#include "base/checked.h"
#include "image/jpeg_errors.h"

namespace elanus::image {
namespace {

// All that an encode owns; it outlives the jump.
struct Job {
  jpeg_compress_struct jpeg{};
  JpegErrors errors{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;

  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() {
    jpeg_destroy_compress(&jpeg);
    std::free(bytes);
  }
};

// False after a jump. Nothing with a destructor may live in here.
bool encode(Job& job, const Image& picture, int quality) {
  if (setjmp(job.errors.back)) return false;
  jpeg_create_compress(&job.jpeg);
  jpeg_mem_dest(&job.jpeg, &job.bytes, &job.size);
  job.jpeg.image_width = picture.width;
  job.jpeg.image_height = picture.height;
  job.jpeg.input_components = 3;
  job.jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&job.jpeg);
  jpeg_set_quality(&job.jpeg, quality, TRUE);
  jpeg_start_compress(&job.jpeg, TRUE);
  while (job.jpeg.next_scanline < job.jpeg.image_height) {
    // libjpeg's rows are not const, and it does not write to them.
    auto* row = const_cast<unsigned char*>(&picture.rgb[size_t{3} * picture.width * job.jpeg.next_scanline]);
    jpeg_write_scanlines(&job.jpeg, &row, 1);
  }
  jpeg_finish_compress(&job.jpeg);
  return true;
}

}  // namespace

Result<std::vector<std::byte>> encode_jpeg(const Image& picture, int quality) {
  const auto expected = base::checked_mul(picture.width, picture.height, 3);
  if (!expected || *expected == 0 || picture.rgb.size() != *expected)
    return Error(ErrorKind::invalid_argument, "a picture of " + std::to_string(picture.width) + " x " +
                                                  std::to_string(picture.height) + " pixels with " +
                                                  std::to_string(picture.rgb.size()) + " bytes");
  Job job;
  job.jpeg.err = job.errors.install();
  if (!encode(job, picture, quality))
    return Error(ErrorKind::invalid_argument, std::string("cannot write a JPEG: ") + job.errors.message);
  const auto* bytes = reinterpret_cast<const std::byte*>(job.bytes);
  return std::vector<std::byte>(bytes, bytes + job.size);
}

}  // namespace elanus::image
