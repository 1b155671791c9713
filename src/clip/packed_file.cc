#include "clip/packed_file.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "clip/packed_format.h"

namespace elanus::clip {

Result<PackedFile> PackedFile::open(const std::filesystem::path& path) {
  PackedFile file;
  file.path_ = path;
  file.map_ = TRY(io::MappedFile::open(path));
  file.table_ = TRY(parse_packed(file.map_.bytes(), path.string()));
  return file;
}

Result<void> PackedFile::open_references(const std::filesystem::path& model_folder) {
  for (const auto& [name, entry] : table_.entries) {
    if (!entry.file) continue;
    const std::filesystem::path path = model_folder / table_.header.files[*entry.file].name;
    if (!references_.contains(*entry.file)) references_[*entry.file] = TRY(io::MappedFile::open(path));
    const size_t size = references_[*entry.file].bytes().size();
    if (entry.at > size || entry.bytes > size - entry.at)
      return Error(ErrorKind::corrupt,
                   path.string() + " has " + std::to_string(size) + " bytes, too few for " + name);
  }
  return {};
}

Result<PackedEntry> PackedFile::entry(std::string_view name, PackedEntry::Kind kind) const {
  const auto found = table_.entries.find(name);
  if (found == table_.entries.end() || found->second.kind != kind)
    return Error(ErrorKind::not_found, path_.string() + ": no entry " + std::string(name) + " of this kind");
  return found->second;
}

Result<void> PackedFile::verify(base::ThreadPool& pool) const {
  std::vector<const std::pair<const std::string, PackedEntry>*> entries;
  for (const auto& named : table_.entries)
    if (!named.second.file) entries.push_back(&named);
  std::mutex mutex;
  std::optional<Error> damage;
  pool.run(entries.size(), [&](size_t i, unsigned) {
    const auto& [name, entry] = *entries[i];
    if (io::checksum(bytes(entry)) == entry.sum) return;
    const std::lock_guard lock(mutex);
    damage = Error(ErrorKind::corrupt, path_.string() + ": " + name + " is damaged");
  });
  if (damage) return *damage;
  return {};
}

Result<PackedWriter> PackedWriter::create(const std::filesystem::path& path, const PackedHeader& header) {
  PackedWriter writer(TRY(io::StagedFile::create(path)), header);
  const PackedHead unwritten{};
  writer.append(std::as_bytes(std::span(&unwritten, 1)));
  return writer;
}

void PackedWriter::append(std::span<const std::byte> bytes) {
  if (error_) return;
  if (auto done = file_.append(bytes); !done.ok()) error_ = done.error();
}

void PackedWriter::add(const std::string& name, PackedEntry entry, std::span<const std::byte> bytes) {
  static constexpr std::array<std::byte, kPackedAlignment> kZeros{};
  append(std::span(kZeros).first((kPackedAlignment - file_.size() % kPackedAlignment) % kPackedAlignment));
  entry.at = file_.size();
  entry.bytes = bytes.size();
  entry.sum = io::checksum(bytes);
  append(bytes);
  table_.entries[name] = entry;
}

void PackedWriter::refer(const std::string& name, PackedEntry entry, std::span<const std::byte> bytes,
                         const std::string& file, uint64_t at) {
  const auto& files = table_.header.files;
  const auto listed =
      std::find_if(files.begin(), files.end(), [&](const FileStamp& f) { return f.name == file; });
  if (listed == files.end()) return add(name, entry, bytes);
  entry.file = static_cast<size_t>(listed - files.begin());
  entry.at = at;
  entry.bytes = bytes.size();
  table_.entries[name] = entry;
}

Result<void> PackedWriter::finish(std::string model_hash, uint64_t model_parameters) {
  table_.header.model_hash = std::move(model_hash);
  table_.header.model_parameters = model_parameters;
  const std::string json = packed_table_json(table_);
  const PackedHead head = packed_head(file_.size(), json);
  append(std::as_bytes(std::span(json)));
  if (error_) return *error_;
  TRY(file_.overwrite(0, std::as_bytes(std::span(&head, 1))));
  return file_.commit();
}

}  // namespace elanus::clip
