// The checks that every store makes before it writes or searches, so that all refuse the same calls in the
// same words.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::store {

constexpr uint32_t kMaxDim = 65536;
constexpr uint32_t kMaxLimit = 16384;

// invalid_argument: a dim outside 1..kMaxDim.
Result<void> check_schema(const Schema& schema);

// invalid_argument: another length than `dim`, a value that is not finite, or all zero.
Result<void> check_vector(std::span<const float> vector, uint32_t dim);

// invalid_argument: an empty path, a negative size, or attributes that are not a JSON object.
Result<void> check_picture(const Picture& picture);

// check_vector and check_picture for each item, and no id or path given twice. Names the item by position and
// path.
Result<void> check_items(std::span<const Item> items, uint32_t dim);

// check_picture for each record, and no id or path given twice.
Result<void> check_records(std::span<const Record> records);

// check_vector for the query, a limit of 1..kMaxLimit, and check_filter.
Result<void> check_search(std::span<const float> query, const SearchParams& params, uint32_t dim);

// check_search for each of several queries, [n][dim]; names the query by its number.
Result<void> check_batch(std::span<const float> queries, const SearchParams& params, uint32_t dim);

// `vector` at length 1, rounded to half floats: the row that is stored, and the same bits in every store.
// A row that it gave once comes back as it is. The vector has passed check_vector.
void normalized_f16(std::span<const float> vector, std::span<uint16_t> row);

// `vector` at length 1. The vector has passed check_vector.
std::vector<float> normalized(std::span<const float> vector);

// What a store knows about itself, for resolve_ids.
struct Directory {
  std::function<Result<std::optional<int64_t>>(std::string_view path)> id_of_path;
  // That any record has or had; nothing before the first.
  std::function<Result<std::optional<int64_t>>()> highest_id;
};

struct ResolvedId {
  int64_t id = 0;
  bool fresh = false;  // given out now: no record has it
};

// The id of each item as Collection::upsert promises it. The items have passed check_items. invalid_argument:
// an id and a path of two records, two items that are one record, or no id left above the highest.
Result<std::vector<ResolvedId>> resolve_ids(std::span<const Item> items, const Directory& directory);

}  // namespace elanus::store
