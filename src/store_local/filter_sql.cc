#include "store_local/filter_sql.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <variant>

namespace elanus::store_local {
namespace {

using namespace store;

// What sqlite3_bind_pointer and sqlite3_value_pointer agree on.
constexpr const char* kFilterPart = "elanus filter part";

template <class Part>
const Part* part_of(sqlite3_value* value) {
  return static_cast<const Part*>(sqlite3_value_pointer(value, kFilterPart));
}

void glob_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto* wanted = part_of<TextIs>(arguments[1]);
  sqlite3_result_int(context, wanted && glob_matches(wanted->value, bytes_of(arguments[0])));
}

void attribute_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto* wanted = part_of<AttributeIs>(arguments[1]);
  sqlite3_result_int(context, wanted && attribute_matches(*wanted, bytes_of(arguments[0])));
}

void type_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const std::string type = picture_type(bytes_of(arguments[0]));
  sqlite3_result_text64(context, type.data(), type.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

const char* sign(Comparison comparison) {
  switch (comparison) {
    case Comparison::eq:
      return " = ";
    case Comparison::ne:
      return " <> ";
    case Comparison::lt:
      return " < ";
    case Comparison::le:
      return " <= ";
    case Comparison::gt:
      return " > ";
    case Comparison::ge:
      return " >= ";
  }
  return " = ";
}

// The least text above all that begin with `prefix`; empty when there is none.
std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

// One condition and what is to be bound to its question marks, in order.
class Translator {
 public:
  explicit Translator(const Columns& columns) : columns_(columns) {}

  std::string condition(const Filter& filter) {
    return std::visit([&](const auto& is) { return say(is); }, filter.is);
  }

  std::string one_of(const char* column, std::span<const int64_t> numbers) {
    std::string list = "[";
    for (const int64_t number : numbers) list += (list.size() > 1 ? "," : "") + std::to_string(number);
    bound_.emplace_back(Text{list + "]"});
    return column + std::string(" IN (SELECT value FROM json_each(?))");
  }

  void bind(Statement& statement) const {
    for (size_t i = 0; i < bound_.size(); ++i) {
      const int parameter = static_cast<int>(i + 1);
      if (const auto* number = std::get_if<int64_t>(&bound_[i])) statement.bind(parameter, *number);
      if (const auto* text = std::get_if<Text>(&bound_[i])) statement.bind_text(parameter, text->bytes);
      if (const auto* blob = std::get_if<Blob>(&bound_[i])) statement.bind_blob(parameter, blob->bytes);
      if (const auto* part = std::get_if<const void*>(&bound_[i]))
        statement.bind_pointer(parameter, *part, kFilterPart);
    }
  }

 private:
  struct Text {
    std::string bytes;
  };
  struct Blob {
    std::string bytes;
  };

  // In halves: SQLite bounds the depth of an expression, and parses a chain as one that is as deep as it is
  // long.
  std::string join(std::span<const Filter> filters, const char* word, const char* of_none) {
    if (filters.empty()) return of_none;
    if (filters.size() == 1) return condition(filters[0]);
    const size_t half = filters.size() / 2;
    const std::string left = join(filters.first(half), word, of_none);
    return "(" + left + word + join(filters.subspan(half), word, of_none) + ")";
  }

  std::string say(const AllOf& all) { return join(all.of, " AND ", "1"); }
  std::string say(const AnyOf& any) { return join(any.of, " OR ", "0"); }
  std::string say(const NoneOf& none) { return "NOT " + join(none.of, " OR ", "0"); }

  std::string say(const NumberIs& wanted) {
    const std::string column = name(wanted.field);
    bound_.emplace_back(wanted.value);
    return "(" + column + " <> 0 AND " + column + sign(wanted.comparison) + "?)";
  }

  std::string say(const TextIs& wanted) {
    const bool path = wanted.field == TextField::path;
    const std::string column = name(wanted.field);
    // The index knows paths as they are kept.
    if (path && columns_.portable && wanted.match == TextMatch::equal) {
      bound_.emplace_back(Blob{wanted.value});
      return "path = " + columns_.stored("?");
    }
    const auto compare = [&](const char* with, std::string value) {
      if (path)
        bound_.emplace_back(Blob{std::move(value)});
      else
        bound_.emplace_back(Text{std::move(value)});
      return column + with + "?";
    };
    const std::string known = path || wanted.value.empty() ? "" : column + " <> '' AND ";
    switch (wanted.match) {
      case TextMatch::equal:
        return "(" + known + compare(" = ", wanted.value) + ")";
      case TextMatch::prefix: {
        std::string condition = "(" + known + compare(" >= ", wanted.value);
        if (std::string above = after_prefix(wanted.value); !above.empty())
          condition += " AND " + compare(" < ", std::move(above));
        return condition + ")";
      }
      case TextMatch::glob:
        bound_.emplace_back(static_cast<const void*>(&wanted));
        return "elanus_glob(" + column + ", ?)";
    }
    return "0";
  }

  std::string say(const IdIn& in) { return one_of("id", in.ids); }

  std::string say(const AttributeIs& wanted) {
    bound_.emplace_back(static_cast<const void*>(&wanted));
    return "elanus_attribute(attributes, ?)";
  }

  std::string name(NumberField field) const {
    switch (field) {
      case NumberField::size:
        return "size";
      case NumberField::mtime_ns:
        return "mtime_ns";
      case NumberField::captured_s:
        return columns_.captured_s;
      case NumberField::width:
        return "width";
      case NumberField::height:
        return "height";
    }
    return "size";
  }

  std::string name(TextField field) const {
    switch (field) {
      case TextField::path:
        return columns_.path;
      case TextField::label:
        return "label";
      case TextField::camera:
        return columns_.camera;
      case TextField::type:
        return columns_.type;
    }
    return "path";
  }

  const Columns& columns_;
  std::vector<std::variant<int64_t, Text, Blob, const void*>> bound_;
};

}  // namespace

Result<void> add_filter_functions(Connection& connection) {
  TRY(connection.add_function("elanus_glob", 2, glob_function));
  TRY(connection.add_function("elanus_attribute", 2, attribute_function));
  return connection.add_function("elanus_type", 1, type_function);
}

Result<std::vector<int64_t>> matching_slots(Connection& connection, const Columns& columns,
                                            std::optional<std::span<const int64_t>> among,
                                            const store::Filter& filter) {
  Translator translator(columns);
  const std::string one_of = among ? translator.one_of("slot", *among) + " AND " : "";
  Statement select =
      TRY(connection.prepare("SELECT slot FROM image WHERE " + one_of + translator.condition(filter)));
  translator.bind(select);
  std::vector<int64_t> slots;
  while (TRY(select.step())) slots.push_back(select.integer(0));
  // Sorted here: ORDER BY would make SQLite walk all records in their order rather than use an index.
  std::sort(slots.begin(), slots.end());
  return slots;
}

}  // namespace elanus::store_local
