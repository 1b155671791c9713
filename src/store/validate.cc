#include "store/validate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>

#include "ops/kernels.h"

namespace elanus::store {
namespace {

double length(std::span<const float> vector) {
  // Four sums: each addition waits for the one before it.
  std::array<double, 4> sums{};
  for (size_t i = 0; i < vector.size(); ++i)
    sums[i % 4] += static_cast<double>(vector[i]) * static_cast<double>(vector[i]);
  return std::sqrt(sums[0] + sums[1] + (sums[2] + sums[3]));
}

std::vector<float> scaled(std::span<const float> vector, double scale) {
  std::vector<float> result(vector.size());
  for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<float>(vector[i] * scale);
  return result;
}

// Refuses what is seen twice.
class Seen {
 public:
  Result<void> add(const std::optional<int64_t>& id, std::string_view path) {
    if (id && !ids_.insert(*id).second)
      return invalid_argument("the id " + std::to_string(*id) + " is there twice");
    if (!paths_.insert(path).second) return invalid_argument("the path is there twice");
    return {};
  }

 private:
  std::unordered_set<int64_t> ids_;
  std::unordered_set<std::string_view> paths_;
};

std::string name_of(const char* what, size_t index, const std::string& path) {
  return std::string(what) + " " + std::to_string(index) + " (" + (path.empty() ? "no path" : path) + ")";
}

}  // namespace

Result<void> check_schema(const Schema& schema) {
  if (schema.dim >= 1 && schema.dim <= kMaxDim) return {};
  return invalid_argument("a collection of " + std::to_string(schema.dim) + " dimensions, expected 1 to " +
                          std::to_string(kMaxDim));
}

Result<void> check_vector(std::span<const float> vector, uint32_t dim) {
  if (vector.size() != dim)
    return invalid_argument("expected " + std::to_string(dim) + " values, got " +
                            std::to_string(vector.size()));
  // Magnitudes order like their bits, infinity and NaN above all others.
  uint32_t most = 0;
  for (const float value : vector) most = std::max(most, std::bit_cast<uint32_t>(value) & 0x7fffffffu);
  if (most == 0)
    return invalid_argument("all " + std::to_string(dim) + " values are zero: the vector has no direction");
  if (most < 0x7f800000u) return {};
  const auto wrong =
      std::find_if(vector.begin(), vector.end(), [](float value) { return !std::isfinite(value); });
  return invalid_argument("value " + std::to_string(wrong - vector.begin()) + " is " +
                          (std::isnan(*wrong) ? "NaN" : "infinite") + ", expected finite numbers");
}

Result<void> check_picture(const Picture& picture) {
  if (picture.path.empty()) return invalid_argument("the path is empty");
  if (picture.size < 0) return invalid_argument("the size is negative: " + std::to_string(picture.size));
  if (picture.attributes.empty() || picture.attributes == "{}") return {};
  const auto json = nlohmann::json::parse(picture.attributes, nullptr, false);
  if (!json.is_object())
    return invalid_argument("the attributes are not a JSON object: " + picture.attributes.substr(0, 80));
  return {};
}

Result<void> check_items(std::span<const Item> items, uint32_t dim) {
  Seen seen;
  for (size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    const auto check = [&]() -> Result<void> {
      TRY(check_vector(item.vector, dim));
      TRY(check_picture(item.picture));
      return seen.add(item.id, item.picture.path);
    };
    TRY(base::within(name_of("item", i, item.picture.path), check()));
  }
  return {};
}

Result<void> check_records(std::span<const Record> records) {
  Seen seen;
  for (size_t i = 0; i < records.size(); ++i) {
    const auto check = [&]() -> Result<void> {
      TRY(check_picture(records[i].picture));
      return seen.add(records[i].id, records[i].picture.path);
    };
    TRY(base::within(name_of("record", i, records[i].picture.path), check()));
  }
  return {};
}

Result<void> check_search(std::span<const float> query, const SearchParams& params, uint32_t dim) {
  TRY(base::within("the query", check_vector(query, dim)));
  if (params.limit < 1 || params.limit > kMaxLimit)
    return invalid_argument("a limit of " + std::to_string(params.limit) + " hits, expected 1 to " +
                            std::to_string(kMaxLimit));
  return check_filter(params.filter);
}

Result<void> check_batch(std::span<const float> queries, const SearchParams& params, uint32_t dim) {
  if (queries.size() % dim != 0)
    return invalid_argument(std::to_string(queries.size()) + " values, expected " + std::to_string(dim) +
                            " for each query");
  for (size_t at = 0; at < queries.size(); at += dim)
    TRY(base::within("query " + std::to_string(at / dim),
                     check_search(queries.subspan(at, dim), params, dim)));
  return {};
}

std::vector<float> normalized(std::span<const float> vector) { return scaled(vector, 1 / length(vector)); }

void normalized_f16(std::span<const float> vector, std::span<uint16_t> row) {
  const ops::Kernels& kernels = ops::kernels();
  const size_t dim = row.size();
  const double norm = length(vector);
  // A row that was stored before, here or elsewhere, stays as it is to the bit: rounding made its length only
  // nearly 1.
  if (std::abs(norm - 1) < 0x1p-10) {
    std::vector<float> back(dim);
    kernels.f32_to_f16(vector.data(), row.data(), dim);
    kernels.f16_to_f32(row.data(), back.data(), dim);
    if (std::equal(back.begin(), back.end(), vector.begin())) return;
  }
  const std::vector<float> unit = scaled(vector, 1 / norm);
  kernels.f32_to_f16(unit.data(), row.data(), dim);
}

Result<std::vector<ResolvedId>> resolve_ids(std::span<const Item> items, const Directory& directory) {
  std::optional<int64_t> highest = TRY(directory.highest_id());
  for (const Item& item : items)
    if (item.id && (!highest || *item.id > *highest)) highest = item.id;

  std::vector<ResolvedId> resolved;
  resolved.reserve(items.size());
  std::unordered_set<int64_t> taken;
  for (size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    const auto refuse = [&](const std::string& why) {
      return invalid_argument(name_of("item", i, item.picture.path) + ": " + why);
    };
    const std::optional<int64_t> owner = TRY(directory.id_of_path(item.picture.path));
    if (owner && item.id && *owner != *item.id)
      return refuse("its id is " + std::to_string(*item.id) + ", but the path belongs to the record " +
                    std::to_string(*owner) + ": give that id, or none");
    ResolvedId id{item.id ? *item.id : owner.value_or(0), false};
    if (!item.id && !owner) {
      if (highest == std::numeric_limits<int64_t>::max())
        return refuse("no id is left above " + std::to_string(*highest) + ": give the item an id");
      highest = highest ? *highest + 1 : 1;
      id = {*highest, true};
    }
    if (!taken.insert(id.id).second)
      return refuse("it and another item of this call are both the record " + std::to_string(id.id));
    resolved.push_back(id);
  }
  return resolved;
}

}  // namespace elanus::store
