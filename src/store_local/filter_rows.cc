#include "store_local/filter_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <variant>

#include "ops/bits.h"
#include "ops/kernels.h"
#include "store_local/filter_sql.h"

namespace elanus::store_local {
namespace {

using namespace store;

// Rows left to ask SQLite about one by one, rather than all that a condition keeps: one in so many.
constexpr uint64_t kFewLeft = 16;

std::optional<size_t> column_of(TextField field) {
  switch (field) {
    case TextField::label:
      return 0;
    case TextField::camera:
      return 1;
    case TextField::type:
      return 2;
    case TextField::path:
      return std::nullopt;
  }
  return std::nullopt;
}

bool any_uses_columns(const std::vector<Filter>& filters);

bool uses_columns(const Filter& filter) {
  if (const auto* all = std::get_if<AllOf>(&filter.is)) return any_uses_columns(all->of);
  if (const auto* any = std::get_if<AnyOf>(&filter.is)) return any_uses_columns(any->of);
  if (const auto* none = std::get_if<NoneOf>(&filter.is)) return any_uses_columns(none->of);
  if (const auto* text = std::get_if<TextIs>(&filter.is)) return column_of(text->field).has_value();
  return std::holds_alternative<NumberIs>(filter.is);
}

bool any_uses_columns(const std::vector<Filter>& filters) {
  return std::any_of(filters.begin(), filters.end(), uses_columns);
}

// Sets the bits of the rows that pass, 64 at a time.
template <class Passes>
void mark(size_t rows, Bits& bits, const Passes& passes) {
  for (size_t word = 0; word * 64 < rows; ++word) {
    const size_t first = word * 64, n = std::min<size_t>(64, rows - first);
    std::array<uint8_t, 64> pass{};
    for (size_t i = 0; i < n; ++i) pass[i] = passes(first + i);
    bits[word] = ops::bits_of(pass.data());
  }
}

// Where the known numbers are that `wanted` keeps; 0 stands for an unknown one.
ops::NumberRange range_of(const NumberIs& wanted) {
  constexpr int64_t least = std::numeric_limits<int64_t>::min(), most = std::numeric_limits<int64_t>::max();
  switch (wanted.comparison) {
    case Comparison::eq:
      return {wanted.value, wanted.value};
    case Comparison::ne:
      return {wanted.value, wanted.value, true};
    case Comparison::lt:
      return {wanted.value, most, true};
    case Comparison::le:
      return {least, wanted.value};
    case Comparison::gt:
      return {least, wanted.value, true};
    case Comparison::ge:
      return {wanted.value, most};
  }
  return {};
}

class FilterRows {
 public:
  FilterRows(const View& view, Reader& reader, base::ThreadPool* pool)
      : view_(view), reader_(reader), pool_(pool) {
    for (const auto& [slot, known] : *view.touched) {
      const auto part =
          std::lower_bound(view.parts.begin(), view.parts.end(), slot,
                           [](const Part& p, int64_t wanted) { return p.slots.back() < wanted; });
      if (part == view.parts.end()) continue;
      const auto row = std::lower_bound(part->slots.begin(), part->slots.end(), slot);
      if (row != part->slots.end() && *row == slot)
        changed_.push_back({static_cast<size_t>(part - view.parts.begin()),
                            static_cast<size_t>(row - part->slots.begin()), &known});
    }
  }

  Result<Kept> kept(const Filter& filter) const {
    if (!uses_columns(filter)) return rows_at(view_, TRY(matching({}, filter)));
    if (const auto* all = std::get_if<AllOf>(&filter.is)) return all_of(all->of);
    if (const auto* any = std::get_if<AnyOf>(&filter.is)) return any_of(any->of);
    if (const auto* none = std::get_if<NoneOf>(&filter.is)) {
      Kept rows = TRY(any_of(none->of));
      for (size_t part = 0; part < rows.size(); ++part)
        for (size_t word = 0; word < rows[part].size(); ++word)
          rows[part][word] = ~rows[part][word] & alive(part, word);
      return rows;
    }
    return by_column(filter);
  }

 private:
  struct Changed {
    size_t part, row;
    const Picture* known;
  };

  Result<std::vector<int64_t>> matching(std::optional<std::span<const int64_t>> among,
                                        const Filter& filter) const {
    return matching_slots(*reader_.connection, reader_.records.columns(), among, filter);
  }

  // The rows of a word that are there.
  uint64_t alive(size_t part, size_t word) const {
    const Part& p = view_.parts[part];
    const size_t rows = p.slots.size();
    const uint64_t inside = rows >= word * 64 + 64 ? ~uint64_t{0} : (uint64_t{1} << rows % 64) - 1;
    return p.dead && word < p.dead->size() ? inside & ~(*p.dead)[word] : inside;
  }

  Result<Kept> all_of(const std::vector<Filter>& filters) const {
    Kept rows;
    for (size_t part = 0; part < view_.parts.size(); ++part) {
      Bits& bits = rows.emplace_back(view_.parts[part].slots.size() / 64 + 1);
      for (size_t word = 0; word < bits.size(); ++word) bits[word] = alive(part, word);
    }
    AllOf rest;
    for (const Filter& filter : filters)
      if (uses_columns(filter))
        combine(rows, TRY(kept(filter)), [](uint64_t& bits, uint64_t more) { bits &= more; });
      else
        rest.of.push_back(filter);
    if (rest.of.empty()) return rows;
    // The paths of a few are looked at sooner than those of all.
    std::optional<std::vector<int64_t>> left;
    if (uint64_t count = 0, all = 0; count_of(rows, count, all), count * kFewLeft <= all)
      left = slots_of(rows);
    const auto slots = TRY(matching(left, Filter{std::move(rest)}));
    combine(rows, rows_at(view_, slots), [](uint64_t& bits, uint64_t more) { bits &= more; });
    return rows;
  }

  Result<Kept> any_of(const std::vector<Filter>& filters) const {
    Kept rows = rows_at(view_, {});
    AnyOf rest;
    const auto add = [](uint64_t& bits, uint64_t more) { bits |= more; };
    for (const Filter& filter : filters)
      if (uses_columns(filter))
        combine(rows, TRY(kept(filter)), add);
      else
        rest.of.push_back(filter);
    if (!rest.of.empty()) combine(rows, rows_at(view_, TRY(matching({}, Filter{std::move(rest)}))), add);
    return rows;
  }

  template <class Join>
  static void combine(Kept& rows, const Kept& others, const Join& join) {
    for (size_t part = 0; part < rows.size(); ++part)
      for (size_t word = 0; word < rows[part].size(); ++word) join(rows[part][word], others[part][word]);
  }

  void count_of(const Kept& rows, uint64_t& count, uint64_t& all) const {
    for (const Bits& bits : rows)
      for (const uint64_t word : bits) count += static_cast<uint64_t>(std::popcount(word));
    for (const Part& part : view_.parts) all += part.slots.size();
  }

  std::vector<int64_t> slots_of(const Kept& rows) const {
    std::vector<int64_t> slots;
    for (size_t part = 0; part < rows.size(); ++part)
      for (size_t word = 0; word < rows[part].size(); ++word)
        for (uint64_t bits = rows[part][word]; bits != 0; bits &= bits - 1)
          slots.push_back(view_.parts[part].slots[word * 64 + static_cast<size_t>(std::countr_zero(bits))]);
    return slots;
  }

  // A NumberIs, or a TextIs with a column.
  Kept by_column(const Filter& filter) const {
    Kept rows = rows_at(view_, {});
    const auto look_at = [&](size_t part, unsigned) { look(filter, view_.parts[part], rows[part]); };
    if (pool_ != nullptr) {
      pool_->run(rows.size(), look_at);
    } else {
      for (size_t part = 0; part < rows.size(); ++part) look_at(part, 0);
    }
    for (const Changed& changed : changed_) {
      uint64_t& word = rows[changed.part][changed.row / 64];
      const uint64_t bit = uint64_t{1} << changed.row % 64;
      word = matches(filter, 0, *changed.known) ? word | bit : word & ~bit;
    }
    return rows;
  }

  static void look(const Filter& filter, const Part& part, Bits& bits) {
    const size_t rows = part.slots.size();
    if (!part.known.empty())
      return mark(rows, bits, [&](size_t row) { return matches(filter, 0, part.known[row]); });
    if (const auto* number = std::get_if<NumberIs>(&filter.is)) {
      const auto column = static_cast<size_t>(number->field);
      if (!part.guard->column_sound(column)) return;
      return ops::kernels().in_range(part.columns.numbers[column].data(), rows, range_of(*number),
                                     bits.data());
    }
    const auto& wanted = std::get<TextIs>(filter.is);
    const size_t column = *column_of(wanted.field);
    if (!part.guard->column_sound(kNumberColumns + column)) return;
    const TextColumn& texts = part.columns.texts[column];
    std::vector<uint8_t> passes(texts.words());
    for (size_t word = 0; word < passes.size(); ++word) passes[word] = text_matches(wanted, texts.text(word));
    mark(rows, bits, [&](size_t row) { return passes[texts.word[row]] != 0; });
  }

  const View& view_;
  Reader& reader_;
  base::ThreadPool* pool_;
  std::vector<Changed> changed_;
};

}  // namespace

Result<Kept> rows_kept_by(const Filter& filter, const View& view, Reader& reader, base::ThreadPool* pool) {
  // Before format 4 nothing tells whether the columns are still right.
  if (reader.format < kTouchedFormat)
    return rows_at(view, TRY(matching_slots(*reader.connection, reader.records.columns(), {}, filter)));
  return FilterRows(view, reader, pool).kept(filter);
}

}  // namespace elanus::store_local
