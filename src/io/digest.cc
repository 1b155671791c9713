#include "io/digest.h"

#include <fcntl.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <vector>

#include "io/descriptor.h"

namespace elanus::io {
namespace {

std::string hex(std::span<const uint8_t> digest) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

// Calls take(bytes) with the whole file, a piece at a time; `open` is told its size first.
template <class Open, class Take>
Result<void> read_in_pieces(const std::filesystem::path& path, const Open& open, const Take& take) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
    return base::errno_error("cannot read " + path.string(), errno);
  open(static_cast<uint64_t>(info.st_size));
  std::vector<uint8_t> piece(size_t{1} << 20);
  while (true) {
    const ssize_t n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::errno_error("cannot read " + path.string(), errno);
    if (n == 0) return {};
    take(std::span<const uint8_t>(piece).first(static_cast<size_t>(n)));
  }
}

}  // namespace

std::string sha256(std::string_view bytes) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  std::string digest(SHA256_DIGEST_SIZE, '\0');
  sha256_digest(&context, digest.size(), reinterpret_cast<uint8_t*>(digest.data()));
  return digest;
}

Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  sha256_ctx context;
  sha256_init(&context);
  TRY(read_in_pieces(
      path, [](uint64_t) {}, [&](auto bytes) { sha256_update(&context, bytes.size(), bytes.data()); }));
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest(&context, sizeof digest, digest);
  return hex(digest);
}

Result<std::string> git_blob_id(const std::filesystem::path& path) {
  sha1_ctx context;
  sha1_init(&context);
  const auto start = [&](uint64_t size) {
    const std::string head = "blob " + std::to_string(size);
    sha1_update(&context, head.size() + 1, reinterpret_cast<const uint8_t*>(head.c_str()));
  };
  TRY(read_in_pieces(path, start, [&](auto bytes) { sha1_update(&context, bytes.size(), bytes.data()); }));
  uint8_t digest[SHA1_DIGEST_SIZE];
  sha1_digest(&context, sizeof digest, digest);
  return hex(digest);
}

bool is_digest(const std::string& text) {
  return (text.size() == 64 || text.size() == 40) &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<bool> has_digest(const std::filesystem::path& path, const std::string& digest) {
  if (!is_digest(digest))
    return Error(ErrorKind::invalid_argument, "'" + digest + "' is no SHA-256 and no git blob id");
  return (digest.size() == 64 ? TRY(sha256_of_file(path)) : TRY(git_blob_id(path))) == digest;
}

}  // namespace elanus::io
