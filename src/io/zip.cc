#include "io/zip.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/checked.h"

namespace elanus::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers of a zip are read as they lie there");

constexpr uint32_t kEndSignature = 0x06054b50, kLocator64Signature = 0x07064b50, kEnd64Signature = 0x06064b50;
constexpr uint32_t kCentralSignature = 0x02014b50, kLocalSignature = 0x04034b50;
constexpr size_t kEndBytes = 22, kLocator64Bytes = 20, kEnd64Bytes = 56, kCentralBytes = 46, kLocalBytes = 30;
constexpr uint32_t kIn64 = 0xFFFFFFFF;  // "the zip64 field has it"

// The number at `at`; the caller knows that it is there.
template <class T>
T number(std::span<const std::byte> bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// `size` bytes from `at`, or nothing when they are not all there.
std::optional<std::span<const std::byte>> part(std::span<const std::byte> bytes, uint64_t at, uint64_t size) {
  if (at > bytes.size() || size > bytes.size() - at) return std::nullopt;
  return bytes.subspan(at, size);
}

struct Directory {
  uint64_t entries = 0, offset = 0;
};

std::optional<Directory> find_directory(std::span<const std::byte> bytes) {
  // The end record is the last but for a comment of at most 64 KiB.
  if (bytes.size() < kEndBytes) return std::nullopt;
  const size_t first = bytes.size() - std::min<size_t>(bytes.size(), kEndBytes + 0xFFFF);
  size_t at = bytes.size() - kEndBytes;
  while (number<uint32_t>(bytes, at) != kEndSignature)
    if (at-- == first) return std::nullopt;
  const Directory directory{number<uint16_t>(bytes, at + 10), number<uint32_t>(bytes, at + 16)};
  if (at < kLocator64Bytes || number<uint32_t>(bytes, at - kLocator64Bytes) != kLocator64Signature)
    return directory;
  const auto end64 = part(bytes, number<uint64_t>(bytes, at - kLocator64Bytes + 8), kEnd64Bytes);
  if (!end64 || number<uint32_t>(*end64, 0) != kEnd64Signature) return std::nullopt;
  return Directory{number<uint64_t>(*end64, 32), number<uint64_t>(*end64, 48)};
}

struct Entry {
  std::string name;
  uint16_t flags, method;
  uint64_t packed, size, offset;  // of the data, of the data unpacked, of the local header
  uint64_t record_bytes;          // of the central directory
};

// The zip64 extra field has those of the three numbers that did not fit, in this order.
bool read_extra(std::span<const std::byte> extra, Entry& entry) {
  while (extra.size() >= 4) {
    const auto id = number<uint16_t>(extra, 0);
    const auto field = part(extra, 4, number<uint16_t>(extra, 2));
    if (!field) return false;
    size_t at = 0;
    for (uint64_t* value : {&entry.size, &entry.packed, &entry.offset}) {
      if (id != 1 || *value != kIn64) continue;
      if (field->size() < at + 8) return false;
      *value = number<uint64_t>(*field, at);
      at += 8;
    }
    extra = extra.subspan(4 + field->size());
  }
  return true;
}

std::optional<Entry> central_record(std::span<const std::byte> bytes, uint64_t at) {
  const auto record = part(bytes, at, kCentralBytes);
  if (!record || number<uint32_t>(*record, 0) != kCentralSignature) return std::nullopt;
  const uint64_t name_bytes = number<uint16_t>(*record, 28), extra_bytes = number<uint16_t>(*record, 30),
                 comment_bytes = number<uint16_t>(*record, 32);
  const auto name = part(bytes, at + kCentralBytes, name_bytes);
  const auto extra = part(bytes, at + kCentralBytes + name_bytes, extra_bytes);
  if (!name || !extra) return std::nullopt;
  Entry entry{.name = std::string(reinterpret_cast<const char*>(name->data()), name->size()),
              .flags = number<uint16_t>(*record, 8),
              .method = number<uint16_t>(*record, 10),
              .packed = number<uint32_t>(*record, 20),
              .size = number<uint32_t>(*record, 24),
              .offset = number<uint32_t>(*record, 42),
              .record_bytes = kCentralBytes + name_bytes + extra_bytes + comment_bytes};
  if (!read_extra(*extra, entry)) return std::nullopt;
  return entry;
}

Result<ZipEntry> content(std::span<const std::byte> bytes, const Entry& entry, const std::string& where) {
  const auto local = part(bytes, entry.offset, kLocalBytes);
  if (!local || number<uint32_t>(*local, 0) != kLocalSignature)
    return Error(ErrorKind::corrupt,
                 where + ": expected its header at byte " + std::to_string(entry.offset) + ", found none");
  const size_t head = kLocalBytes + number<uint16_t>(*local, 26) + number<uint16_t>(*local, 28);
  const auto data = part(bytes, entry.offset + head, entry.packed);
  const bool is_stored = entry.method == 0 && (entry.flags & 1) == 0;
  if (!data || (is_stored && entry.packed != entry.size))
    return Error(ErrorKind::corrupt, where + ": expected " + std::to_string(entry.size) +
                                         " bytes, found less: the file is cut off or damaged");
  return ZipEntry{*data, is_stored};
}

}  // namespace

Result<ZipEntries> parse_zip(std::span<const std::byte> bytes, const std::string& what) {
  const auto directory = find_directory(bytes);
  if (!directory)
    return Error(ErrorKind::corrupt, what + " is cut off or no zip archive: expected a directory at its end");
  ZipEntries entries;
  uint64_t at = directory->offset;
  for (uint64_t i = 0; i < directory->entries; ++i) {
    const auto entry = central_record(bytes, at);
    if (!entry)
      return Error(ErrorKind::corrupt, what + ": expected " + std::to_string(directory->entries) +
                                           " entries in the zip's directory, found " + std::to_string(i));
    at += entry->record_bytes;
    const std::string where = what + ": entry " + entry->name;
    if (!entries.emplace(entry->name, TRY(content(bytes, *entry, where))).second)
      return Error(ErrorKind::corrupt, where + " is there twice");
  }
  return entries;
}

Result<std::span<const std::byte>> stored(const ZipEntries& entries, std::string_view name,
                                          const std::string& what) {
  const auto found = entries.find(name);
  if (found == entries.end())
    return Error(ErrorKind::not_found, what + ": expected an entry " + std::string(name) + ", found none");
  if (!found->second.stored)
    return Error(ErrorKind::unsupported,
                 what + ": entry " + std::string(name) +
                     ": expected it stored, as torch writes it, found it compressed or " +
                     "encrypted (unpack the archive and zip it with `zip -0`)");
  return found->second.bytes;
}

}  // namespace elanus::io
