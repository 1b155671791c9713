#include "store/validate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>

#include "base/f16.h"

namespace elanus::store {
namespace {

double length(std::span<const float> vector) {
  double sum = 0;
  for (const float value : vector) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
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
  bool zero = true;
  for (size_t i = 0; i < vector.size(); ++i) {
    if (!std::isfinite(vector[i]))
      return invalid_argument("value " + std::to_string(i) + " is " +
                              (std::isnan(vector[i]) ? "NaN" : "infinite") + ", expected finite numbers");
    zero = zero && vector[i] == 0;
  }
  if (zero)
    return invalid_argument("all " + std::to_string(dim) + " values are zero: the vector has no direction");
  return {};
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

std::vector<float> normalized(std::span<const float> vector) {
  const double scale = 1 / length(vector);
  std::vector<float> unit(vector.size());
  for (size_t i = 0; i < unit.size(); ++i) unit[i] = static_cast<float>(vector[i] * scale);
  return unit;
}

void normalized_f16(std::span<const float> vector, std::span<uint16_t> row) {
  const double norm = length(vector);
  // A row that was stored before, here or elsewhere, stays as it is to the bit: rounding made its length only nearly 1.
  const bool is_row = std::abs(norm - 1) < 0x1p-10 && std::all_of(vector.begin(), vector.end(), [](float value) {
                        return base::f16_to_f32(base::f32_to_f16(value)) == value;
                      });
  const double scale = is_row ? 1 : 1 / norm;
  for (size_t i = 0; i < row.size(); ++i) row[i] = base::f32_to_f16(static_cast<float>(vector[i] * scale));
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
