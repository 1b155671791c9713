// A tower packed for one level of kernels, as docs/formats/packed.md has it: mapped and used as it lies, so
// that a start converts, parses and hashes nothing.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "io/file.h"
#include "io/safetensors.h"
#include "io/staged_file.h"

namespace elanus::clip {

// Version history: 1, November 2026; 2 and 3, the same month: ten-bit weights in the fast class.
inline constexpr uint32_t kPackedFormat = 3;

// A file of the model folder as it was when the tower was packed.
struct FileStamp {
  std::string name;  // within the model folder
  uint64_t bytes = 0;
  int64_t modified_ns = 0;
  uint64_t sample = 0;  // checksum of a few of its pages
  bool operator==(const FileStamp&) const = default;
};

// What a packed file says about itself. It is fresh when all of it but `model` is as expected.
struct PackedHeader {
  std::string tower;             // "text", "image"
  std::string kernels;           // the level and its panels, "avx512-32x384"
  std::vector<FileStamp> files;  // of the model folder, by name
  std::string model_hash;        // XXH3-128 of the weights, hex
  uint64_t model_parameters = 0;
};

struct PackedEntry {
  enum class Kind { matrix, values, rows, bytes };
  Kind kind = Kind::bytes;
  io::Dtype dtype = io::Dtype::f32;  // of a matrix and of rows; values are f32
  size_t n = 0, k = 1;               // matrix: outputs, inputs; rows: rows, columns; values, bytes: n of them
  std::optional<size_t> file;  // rows that stay in the model's own file: its place in PackedHeader::files
  uint64_t at = 0, bytes = 0;  // in this file, else in that one
  uint64_t sum = 0;            // of the bytes in this file
};

struct PackedTable {
  PackedHeader header;
  std::map<std::string, PackedEntry, std::less<>> entries;
};

// Trusts nothing: every range lies in the file, every size fits its shape. The bytes of entries are not read.
// unsupported for another version, corrupt for all else; `what` names the source in errors. Thread-safety:
// pure.
Result<PackedTable> parse_packed(std::span<const std::byte> bytes, const std::string& what);

// Thread-safety: const after open.
class PackedFile {
 public:
  static Result<PackedFile> open(const std::filesystem::path& path);
  // Maps the model's own files that entries refer to. corrupt when one of them is shorter than an entry says.
  Result<void> open_references(const std::filesystem::path& model_folder);

  const PackedHeader& header() const { return table_.header; }
  const std::filesystem::path& path() const { return path_; }

  // not_found when there is no such entry of this kind.
  Result<PackedEntry> entry(std::string_view name, PackedEntry::Kind kind) const;
  // Valid as long as this object (also after a move of it). Needs open_references for an entry with `file`.
  std::span<const std::byte> bytes(const PackedEntry& entry) const {
    const io::MappedFile& map = entry.file ? references_.at(*entry.file) : map_;
    return map.bytes().subspan(entry.at, entry.bytes);
  }

  // Reads all that is in this file: corrupt when a checksum does not match.
  Result<void> verify(base::ThreadPool& pool) const;

 private:
  std::filesystem::path path_;
  io::MappedFile map_;
  std::map<size_t, io::MappedFile> references_;  // by their place in header().files
  PackedTable table_;
};

// Writes a packed file entry by entry. After an error nothing more is written and finish() returns that
// error, so that the loading that it watches goes on.
class PackedWriter {
 public:
  // `header` may lack what is known only after loading. busy when another process is at the same file.
  static Result<PackedWriter> create(const std::filesystem::path& path, const PackedHeader& header);

  // `entry` without place and checksum.
  void add(const std::string& name, PackedEntry entry, std::span<const std::byte> bytes);
  // The same for bytes that lie at `at` in `file` of the model folder: they stay there if the header lists
  // it.
  void refer(const std::string& name, PackedEntry entry, std::span<const std::byte> bytes,
             const std::string& file, uint64_t at);
  // Puts the file in its place, whole and durable.
  Result<void> finish(std::string model_hash, uint64_t model_parameters);

 private:
  PackedWriter(io::StagedFile file, const PackedHeader& header) : file_(std::move(file)) {
    table_.header = header;
  }
  void append(std::span<const std::byte> bytes);

  io::StagedFile file_;
  PackedTable table_;
  std::optional<Error> error_;
};

}  // namespace elanus::clip
