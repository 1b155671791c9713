// Displays: what `show` draws into.
//
//     operators::TerminalTable screen(std::cout, preview::terminal_of(STDOUT_FILENO, environment).value());
//     from<"text">({"A white dog"}). ... .select<"text", "result">().show(screen);
#pragma once
#include <concepts>
#include <filesystem>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operators/embeddings.h"
#include "operators/images.h"
#include "preview/html.h"
#include "preview/terminal.h"
#include "store/collection.h"

namespace elanus::operators {

// What each kind of value looks like. Hits are the pictures themselves, read from their paths, with cosine
// and file name; one that cannot be read leaves its place empty and says why. `side`: pixels that a picture
// needs at most.
preview::Cell to_cell(std::string_view text, uint32_t side);
preview::Cell to_cell(int64_t value, uint32_t side);
preview::Cell to_cell(uint64_t value, uint32_t side);
preview::Cell to_cell(double value, uint32_t side);
preview::Cell to_cell(const Embedding& vector, uint32_t side);
preview::Cell to_cell(const image::Image& picture, uint32_t side);
preview::Cell to_cell(std::span<const store::Hit> hits, uint32_t side);

// One hit, as in to_cell.
preview::Shown shown(const store::Hit& hit, uint32_t side);

// Gathers the rows; what a display needs for Pipeline::show.
class Display {
 public:
  void begin(std::span<const std::string_view> names);
  void row(std::vector<preview::Cell> cells) { rows_.push_back(std::move(cells)); }

  template <class V>
  preview::Cell cell(const V& value) const
      requires(std::convertible_to<V, std::string_view> || std::integral<V> || std::floating_point<V> ||
               std::same_as<V, Embedding> || std::same_as<V, image::Image> ||
               std::same_as<V, std::vector<store::Hit>>) {
    if constexpr (std::signed_integral<V>)
      return to_cell(static_cast<int64_t>(value), side_);
    else if constexpr (std::unsigned_integral<V>)
      return to_cell(static_cast<uint64_t>(value), side_);
    else if constexpr (std::floating_point<V>)
      return to_cell(static_cast<double>(value), side_);
    else
      return to_cell(value, side_);
  }

 protected:
  explicit Display(uint32_t side) : side_(side) {}
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::vector<preview::Cell>>& rows() const { return rows_; }

 private:
  const uint32_t side_;
  std::vector<std::string> names_;
  std::vector<std::vector<preview::Cell>> rows_;
};

// A table as text, to `out` when the pipeline has ended.
class TerminalTable : public Display {
 public:
  TerminalTable(std::ostream& out, const preview::Terminal& terminal);
  // io when the stream does not take it.
  Result<void> end();

 private:
  std::ostream& out_;
  const preview::Terminal terminal_;
};

// A table as one HTML page with the pictures in it.
class HtmlTable : public Display {
 public:
  HtmlTable(std::filesystem::path file, std::string title);
  // Writes the file, or leaves the one that is there.
  Result<void> end();

 private:
  const std::filesystem::path file_;
  const std::string title_;
};

}  // namespace elanus::operators
