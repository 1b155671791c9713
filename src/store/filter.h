// Which pictures a search may find: a tree of typed comparisons. Every store answers it exactly, whatever
// share of the records it keeps. The local store turns it into SQL with bound values; `matches` is what it
// means.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace elanus::store {

struct Picture;
struct Filter;

// True when all (any, none) of them are; of none: true (false, true).
struct AllOf {
  std::vector<Filter> of;
};
struct AnyOf {
  std::vector<Filter> of;
};
struct NoneOf {
  std::vector<Filter> of;
};

enum class Comparison { eq, ne, lt, le, gt, ge };

// The members of Picture of the same name. A number that is not known (0) compares false with everything,
// also with `ne`; NoneOf of that is true.
enum class NumberField { size, mtime_ns, captured_s, width, height };
struct NumberIs {
  NumberField field = NumberField::size;
  Comparison comparison = Comparison::eq;
  int64_t value = 0;
};

// `type` is picture_type(path). An empty text is a text like any other.
enum class TextField { path, label, camera, type };
enum class TextMatch {
  equal,   // the same bytes
  prefix,  // begins with these bytes
  glob,    // glob_matches
};
struct TextIs {
  TextField field = TextField::path;
  TextMatch match = TextMatch::equal;
  std::string value;
};

struct IdIn {
  std::vector<int64_t> ids;  // in any order, also twice
};

// A member of the JSON object Picture::attributes, by its name on the top level. Only like is compared with
// like: text by bytes, numbers as doubles, and truth values for (in)equality only. Whatever is absent or of
// another type compares false with everything, also with `ne`. Of a name that is there twice, the last
// counts.
struct AttributeIs {
  std::string name;
  Comparison comparison = Comparison::eq;
  std::variant<std::string, double, bool> value;
};

struct Filter {
  std::variant<AllOf, AnyOf, NoneOf, NumberIs, TextIs, IdIn, AttributeIs> is;  // AllOf nothing: every picture
};

constexpr size_t kMaxFilterDepth = 32;     // AllOf, AnyOf and NoneOf inside one another
constexpr size_t kMaxFilterNodes = 4096;   // all of the tree; the ids of one IdIn count as one
constexpr size_t kMaxFilterIds = 1 << 20;  // of one IdIn
constexpr size_t kMaxFilterText = 65536;   // bytes of one text

// True when it keeps every picture and says so by being empty.
bool is_everything(const Filter& filter);

// invalid_argument: above one of the bounds, a number that is NaN, or truth values compared by order.
Result<void> check_filter(const Filter& filter);

// The meaning of a filter; it has passed check_filter.
bool matches(const Filter& filter, int64_t id, const Picture& picture);

// What TextIs means for the text of its field.
bool text_matches(const TextIs& wanted, std::string_view text);

// What AttributeIs means for the text of a JSON object ("" is an object without members).
bool attribute_matches(const AttributeIs& wanted, std::string_view attributes);

// `*` stands for any characters, also none and also '/'; `?` for one character (of UTF-8; a byte that is not
// UTF-8 counts as one); [a-z] for one character of these, [!a-z] for one of all others; everything else for
// itself. A '[' that no ']' closes is itself. Case counts. Time is O(text * pattern).
bool glob_matches(std::string_view pattern, std::string_view text);

// The suffix of the file's name in lower case, with one spelling for each kind of file: "jpg" for .JPEG,
// "tif" for .tiff; "" when there is none.
std::string picture_type(std::string_view path);

// The same for a suffix alone, with or without its dot.
std::string normal_type(std::string_view suffix);

}  // namespace elanus::store
