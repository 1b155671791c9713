// Mistakes that people make with a pipeline. check.py compiles this file once: each line with an arrow must give
// one error with its words, and no other line any.
#include "pipeline/pipeline.h"

#include <memory>

using namespace elanus::pipeline;

namespace {

struct Image {};
using Embedding = std::vector<float>;
Image decode(const std::string&);
Embedding embed(const Image&);
std::vector<Embedding> embed_all(std::span<const Image>);
struct Screen {
  void begin(std::span<const std::string_view>);
  std::string cell(const std::string&);
  void row(std::vector<std::string>);
  elanus::Result<void> end();
};

void misspelt() {
  (void)from<"path">({"a.png"})
      .parallel(4)
      .map<"pth", "img">(decode)  // -> NoColumn<Name<4>{"pth"}, Name<5>{"path"}>: the first name of NoColumn<...> is not among the columns
      .map_batch<"img", "vec">(16, embed_all)
      .collect();
}

void before_its_input_exists() {
  (void)from<"path">({"a.png"})
      .map_batch<"img", "vec">(16, embed_all)  // -> NoColumn<Name<4>{"img"}, Name<5>{"path"}>
      .map<"path", "img">(decode)
      .filter<"img">([](const Image&) { return true; })
      .for_each<"path", "vec">([](std::string, Embedding) {});
}

void dropped() {
  (void)from<"path">({"a.png"})
      .map<"path", "img">(decode)
      .select<"img">()
      .for_each<"path">([](std::string) {});  // -> NoColumn<Name<5>{"path"}, Name<4>{"img"}>
}

void selected_and_not_there() {
  (void)from<"path">({"a.png"}).select<"path", "id">().collect();  // -> NoColumn<Name<3>{"id"}, Name<5>{"path"}>
}

void collected_and_not_there() {
  (void)from<"path">({"a.png"}).collect<"vec">();  // -> NoColumn<Name<4>{"vec"}, Name<5>{"path"}>
}

void another_type() {
  (void)from<"path">({"a.png"}).map<"path", "vec">(embed).collect();  // -> OperatorDoesNotTake<std::vector<float> (*)(const {anonymous}::Image&), std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> > >: cannot be called with the columns' types
}

void batch_without_a_span() {
  (void)from<"img">({Image()}).map_batch<"img", "vec">(16, embed).collect();  // -> OperatorDoesNotTake<std::vector<float> (*)(const {anonymous}::Image&), std::span<const {anonymous}::Image
}

void handler_of_another_type() {
  (void)from<"n">({1}).for_each<"n">([](std::string) {});  // -> cannot be called with the columns' types
}

void operator_with_a_state() {
  (void)from<"n">({1}).map<"n", "m">([i = 0](int n) mutable { return n + i++; }).collect();  // -> its call must be const (no mutable lambda)
}

void operator_that_returns_nothing() {
  (void)from<"n">({1}).map<"n", "m">([](int) {}).collect();  // -> the operator returns nothing that could become a column; for_each is the verb
}

void batch_that_returns_one_value() {
  (void)from<"n">({1}).map_batch<"n", "m">(8, [](std::span<const int>) { return 1; }).collect();  // -> the operator must return a range
}

void flat_map_of_one_value() {
  (void)from<"n">({1}).flat_map<"n", "m">([](int n) { return n; }).collect();  // -> the operator must return a range
}

void flat_map_of_what_cannot_be_copied() {
  (void)from<"n">({1})
      .map<"n", "owner">([](int n) { return std::make_unique<int>(n); })
      .flat_map<"n", "m">([](int n) { return std::vector<int>{n}; })  // -> flat_map copies the other columns
      .collect();
}

void filter_by_a_word() {
  (void)from<"n">({1}).filter<"n">([](int) { return std::string("yes"); }).collect();  // -> the predicate of filter must return bool
}

void no_output() {
  (void)from<"n">({1}).map<"n">([](int n) { return n; }).collect();  // -> name the inputs and, last, the output
}

void the_same_name_twice() {
  (void)from<"id", "id">(std::vector<std::pair<int, int>>{}).collect();  // -> NamedTwice<Name<3>{"id"}, Name<3>{"id"}>: a column is named twice
}

void more_names_than_parts() {
  (void)from<"id", "path", "label">(std::vector<std::pair<int, int>>{}).collect();  // -> needs elements of as many parts
}

void other_columns() {
  (void)from<"path">({"a.png"}).concat(from<"file">({"b.png"})).collect();  // -> concat needs two pipelines with the same columns
}

void into_a_function() {
  (void)from<"n">({1}).into<"n">([](int) {});  // -> into needs a sink: batch_size() and a call with one span
}

void shows_what_the_display_cannot_draw() {
  (void)from<"n">({1}).show(Screen());  // -> DisplayCannotDraw<{anonymous}::Screen, int>: the display has no cell() for a column of this type
}

void used_twice() {
  auto chain = from<"n">({1});
  (void)chain.collect();  // -> cannot convert 'Pipeline<Row<Column<Name<2>{"n"}, int> > >' to 'Pipeline<Row<
}

void never_run() {
  from<"n">({1}).map<"n", "m">([](int n) { return n; });  // -> ignoring returned value
}

void report_ignored() {
  from<"n">({1}).for_each<"n">([](int) {});  // -> ignoring returned value
}

}  // namespace
