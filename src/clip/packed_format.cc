#include "clip/packed_format.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/checked.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

using nlohmann::json;
using Kind = PackedEntry::Kind;

static_assert(std::endian::native == std::endian::little, "packed files are mapped as they are");

constexpr char kMagic[8] = {'e', 'l', 'a', 'n', 'u', 's', 'P', 'K'};
constexpr size_t kMaxTableBytes = size_t{8} << 20;

struct KindName {
  Kind kind;
  const char* name;
};
constexpr KindName kKinds[] = {
    {Kind::matrix, "matrix"}, {Kind::values, "values"}, {Kind::rows, "rows"}, {Kind::bytes, "bytes"}};

struct DtypeName {
  io::Dtype dtype;
  const char* name;
  size_t bytes;
};
constexpr DtypeName kDtypes[] = {
    {io::Dtype::f32, "F32", 4}, {io::Dtype::f16, "F16", 2}, {io::Dtype::bf16, "BF16", 2}};

const DtypeName& dtype_of(io::Dtype dtype) {
  return *std::find_if(std::begin(kDtypes), std::end(kDtypes) - 1,
                       [&](const DtypeName& d) { return d.dtype == dtype; });
}

uint64_t head_sum(const PackedHead& head) {
  return io::checksum(std::as_bytes(std::span(&head, 1)).first(offsetof(PackedHead, head_sum)));
}

// How many bytes the entry must have, or nothing when only its matrix knows.
std::optional<uint64_t> bytes_of_shape(const PackedEntry& entry) {
  switch (entry.kind) {
    case Kind::matrix:
      return entry.bytes;
    case Kind::values:
      return base::checked_mul(entry.n, sizeof(float));
    case Kind::rows:
      return base::checked_mul(entry.n, entry.k, dtype_of(entry.dtype).bytes);
    case Kind::bytes:
      return entry.n;
  }
  return std::nullopt;
}

// Throws json::exception, as all of at() and get() do.
PackedEntry entry_from(const json& from) {
  PackedEntry entry;
  const auto& kind = from.at("kind").get_ref<const std::string&>();
  const auto* known =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const KindName& k) { return kind == k.name; });
  const auto& dtype = from.at("dtype").get_ref<const std::string&>();
  const auto* type = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                                  [&](const DtypeName& d) { return dtype == d.name; });
  if (known == std::end(kKinds) || type == std::end(kDtypes))
    throw json::other_error::create(501, "unknown kind or dtype", &from);
  entry.kind = known->kind;
  entry.dtype = type->dtype;
  entry.n = from.at("n").get<size_t>();
  entry.k = from.at("k").get<size_t>();
  if (const auto file = from.find("file"); file != from.end()) entry.file = file->get<size_t>();
  entry.at = from.at("at").get<uint64_t>();
  entry.bytes = from.at("bytes").get<uint64_t>();
  entry.sum = from.at("sum").get<uint64_t>();
  return entry;
}

PackedTable table_from(const json& root) {
  PackedTable table;
  PackedHeader& header = table.header;
  root.at("tower").get_to(header.tower);
  root.at("kernels").get_to(header.kernels);
  root.at("model").at("hash").get_to(header.model_hash);
  root.at("model").at("parameters").get_to(header.model_parameters);
  for (const json& file : root.at("files"))
    header.files.push_back({file.at("name").get<std::string>(), file.at("bytes").get<uint64_t>(),
                            file.at("modified_ns").get<int64_t>(), file.at("sample").get<uint64_t>()});
  for (const auto& [name, entry] : root.at("entries").items()) table.entries.emplace(name, entry_from(entry));
  return table;
}

Result<void> check_entry(const PackedEntry& entry, size_t files, uint64_t end, const std::string& where) {
  const auto corrupt = [&](const std::string& why) { return Error(ErrorKind::corrupt, where + ": " + why); };
  if (bytes_of_shape(entry) != entry.bytes)
    return corrupt(std::to_string(entry.bytes) + " bytes do not fit a shape of " + std::to_string(entry.n) +
                   " x " + std::to_string(entry.k));
  if (entry.file) {
    if (*entry.file >= files || entry.kind != Kind::rows)
      return corrupt("expected one of " + std::to_string(files) + " files, found number " +
                     std::to_string(*entry.file));
    return {};
  }
  const auto last = base::checked_add(entry.at, entry.bytes);
  if (!last || *last > end || entry.at < sizeof(PackedHead) || entry.at % kPackedAlignment != 0)
    return corrupt("its range of " + std::to_string(entry.bytes) + " bytes at " + std::to_string(entry.at) +
                   " is not within " + std::to_string(end));
  return {};
}

}  // namespace

std::string packed_table_json(const PackedTable& table) {
  json files = json::array(), entries = json::object();
  for (const FileStamp& f : table.header.files)
    files.push_back(
        {{"name", f.name}, {"bytes", f.bytes}, {"modified_ns", f.modified_ns}, {"sample", f.sample}});
  for (const auto& [name, entry] : table.entries) {
    json& to = entries[name];
    for (const KindName& k : kKinds)
      if (k.kind == entry.kind) to["kind"] = k.name;
    to["dtype"] = dtype_of(entry.dtype).name;
    to["n"] = entry.n;
    to["k"] = entry.k;
    if (entry.file) to["file"] = *entry.file;
    to["at"] = entry.at;
    to["bytes"] = entry.bytes;
    to["sum"] = entry.sum;
  }
  return json{{"tower", table.header.tower},
              {"kernels", table.header.kernels},
              {"model", {{"hash", table.header.model_hash}, {"parameters", table.header.model_parameters}}},
              {"files", files},
              {"entries", entries}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<PackedTable> parse_packed_table(std::string_view text, const std::string& what) {
  const json root = TRY(io::parse_json(text, what, {.max_bytes = kMaxTableBytes, .max_depth = 8}));
  try {
    return table_from(root);
  } catch (const json::exception& e) {
    return Error(ErrorKind::corrupt, what + ": not a packed file's table: " + e.what());
  }
}

PackedHead packed_head(uint64_t table_at, std::string_view table) {
  PackedHead head{};
  std::memcpy(head.magic, kMagic, sizeof kMagic);
  head.format = kPackedFormat;
  head.file_bytes = table_at + table.size();
  head.table_at = table_at;
  head.table_bytes = table.size();
  head.table_sum = io::checksum(std::as_bytes(std::span(table)));
  head.head_sum = head_sum(head);
  return head;
}

Result<PackedTable> parse_packed(std::span<const std::byte> bytes, const std::string& what) {
  PackedHead head{};
  if (bytes.size() >= sizeof head) std::memcpy(&head, bytes.data(), sizeof head);
  if (std::memcmp(head.magic, kMagic, sizeof kMagic) != 0)
    return Error(ErrorKind::corrupt, what + " is no packed file");
  if (head.format != kPackedFormat)
    return Error(ErrorKind::unsupported, what + " has format " + std::to_string(head.format) + ", expected " +
                                             std::to_string(kPackedFormat));
  if (head.head_sum != head_sum(head) || head.file_bytes != bytes.size())
    return Error(ErrorKind::corrupt, what + " is damaged or cut off: expected " +
                                         std::to_string(head.file_bytes) + " bytes, found " +
                                         std::to_string(bytes.size()));
  if (head.table_at > bytes.size() || head.table_bytes != bytes.size() - head.table_at)
    return Error(ErrorKind::corrupt, what + ": its table is not at its end");
  const auto table_bytes = bytes.subspan(head.table_at);
  if (io::checksum(table_bytes) != head.table_sum)
    return Error(ErrorKind::corrupt, what + ": its table is damaged");
  PackedTable table = TRY(parse_packed_table(
      {reinterpret_cast<const char*>(table_bytes.data()), table_bytes.size()}, what + ": table"));
  for (const auto& [name, entry] : table.entries)
    TRY(check_entry(entry, table.header.files.size(), head.table_at, what + ": " + name));
  return table;
}

}  // namespace elanus::clip
