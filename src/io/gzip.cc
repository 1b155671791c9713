#include "io/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace elanus::io {
namespace {

struct End {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

Result<std::string> gunzip(std::span<const std::byte> bytes, size_t max_bytes, const std::string& what) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  constexpr size_t kStep = size_t{256} << 10;
  if (bytes.size() > std::numeric_limits<uInt>::max())
    return Error(ErrorKind::too_large,
                 what + ": expected at most 4 GiB, found " + std::to_string(bytes.size()));
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  if (inflateInit2(&stream, kGzipOnly) != Z_OK)
    return Error(ErrorKind::too_large, what + ": no memory to inflate");
  const std::unique_ptr<z_stream, End> end(&stream);

  std::string text;
  for (int status = Z_OK; status != Z_STREAM_END || stream.avail_in != 0;) {
    if (status == Z_STREAM_END) inflateReset(&stream);
    if (text.size() > max_bytes) break;
    const size_t before = text.size();
    text.resize(before + std::min(kStep, max_bytes + 1 - before));
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
    stream.avail_out = static_cast<uInt>(text.size() - before);
    status = inflate(&stream, Z_NO_FLUSH);
    text.resize(text.size() - stream.avail_out);
    if (status != Z_OK && status != Z_STREAM_END)
      return Error(ErrorKind::corrupt,
                   what + (status == Z_BUF_ERROR ? " is cut off: the compressed data ends too early"
                                                 : std::string(": expected gzip, found damaged data")));
  }
  if (text.size() > max_bytes)
    return Error(ErrorKind::too_large,
                 what + ": expected at most " + std::to_string(max_bytes) + " bytes of text");
  return text;
}

}  // namespace elanus::io
