#include "io/npy_header.h"

#include <charconv>
#include <set>

namespace elanus::io {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const std::string& what) : text_(text), what_(what) {}

  Result<NpyHeader> header() {
    NpyHeader header;
    std::set<std::string> seen;
    TRY(expect("{"));
    while (!accept("}")) {
      const std::string key = TRY(string());
      if (!seen.insert(key).second) return broken("'" + key + "' only once");
      TRY(expect(":"));
      TRY(value(key, header));
      if (!accept(",")) {
        TRY(expect("}"));
        break;
      }
    }
    skip_space();
    if (pos_ != text_.size()) return broken("the end of the header");
    if (seen.size() != 3) return broken("'descr', 'fortran_order' and 'shape'");
    return header;
  }

 private:
  Result<void> value(const std::string& key, NpyHeader& header) {
    if (key == "descr") {
      header.descr = TRY(string());
    } else if (key == "fortran_order") {
      header.fortran_order = accept("True");
      if (!header.fortran_order) TRY(expect("False"));
    } else if (key == "shape") {
      header.shape = TRY(shape());
    } else {
      return broken("'descr', 'fortran_order' or 'shape'");
    }
    return {};
  }

  // (), (3,), (3, 4); numpy allows itself at most 32 (later 64) dimensions
  Result<std::vector<size_t>> shape() {
    std::vector<size_t> sizes;
    TRY(expect("("));
    while (!accept(")")) {
      if (sizes.size() == 64) return broken("at most 64 dimensions");
      sizes.push_back(TRY(number()));
      if (!accept(",")) {
        TRY(expect(")"));
        break;
      }
    }
    return sizes;
  }

  Result<size_t> number() {
    skip_space();
    size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + pos_, text_.data() + text_.size(), value);
    if (error != std::errc()) return broken("a size below 2^64");
    pos_ = static_cast<size_t>(end - text_.data());
    return value;
  }

  Result<std::string> string() {
    skip_space();
    const char quote = pos_ < text_.size() ? text_[pos_] : '\0';
    const size_t end = quote == '\'' || quote == '"' ? text_.find(quote, pos_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) return broken("a string (structured arrays are not read)");
    const std::string_view value = text_.substr(pos_ + 1, end - pos_ - 1);
    if (value.find('\\') != std::string_view::npos) return broken("a string without a backslash");
    pos_ = end + 1;
    return std::string(value);
  }

  void skip_space() {
    while (pos_ < text_.size() && (text_[pos_] == ' ' || text_[pos_] == '\n')) ++pos_;
  }

  bool accept(std::string_view token) {
    skip_space();
    if (!text_.substr(pos_).starts_with(token)) return false;
    pos_ += token.size();
    return true;
  }

  Result<void> expect(std::string_view token) {
    if (!accept(token)) return broken("'" + std::string(token) + "'");
    return {};
  }

  Error broken(const std::string& expected) const {
    return {ErrorKind::corrupt,
            what_ + ": byte " + std::to_string(pos_) + " of the NPY header: expected " + expected};
  }

  std::string_view text_;
  const std::string& what_;
  size_t pos_ = 0;
};

}  // namespace

Result<NpyHeader> parse_npy_header(std::string_view header, const std::string& what) {
  return Parser(header, what).header();
}

}  // namespace elanus::io
