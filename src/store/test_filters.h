// Pictures and filters drawn at random, for the tests of everything that answers a store::Filter.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "store/collection.h"

namespace elanus::store {

class RandomFilters {
 public:
  explicit RandomFilters(uint64_t seed) : random_(seed) {}

  // Few values of each kind, so that random comparisons often hold; unknown ones, and texts that are no
  // UTF-8.
  Picture picture(int number) {
    Picture picture;
    picture.path =
        one_of({"/photos/2023/", "/photos/2024/a/", "", "/photos/2023x/", "/ph\xc3\xb6tos/", "/\xff\xfe/"}) +
        std::to_string(number) + one_of({".jpg", ".JPEG", ".png", "", ".tar.gz", ".\xc3\xa9"});
    picture.size = number % 7 * 1000;
    picture.mtime_ns = static_cast<int64_t>(random_() % 5) * 1'000'000'000'000'000'000 / 4;
    picture.captured_s = captured();
    picture.width = static_cast<uint32_t>(random_() % 4) * 640;
    picture.height = static_cast<uint32_t>(random_() % 4) * 480;
    picture.label = label();
    picture.camera = camera();
    picture.attributes =
        one_of({"", "{}", R"({"place":"north","n":3})", R"({"place":"so\u0075th","n":-1.5,"ok":true})",
                R"({"n":"3","ok":false,"a \"b\" $.c":1})", R"({"place":null,"n":[3],"n":4})"});
    return picture;
  }

  Filter filter(int depth) {
    switch (random_() % (depth > 0 ? 9 : 6)) {
      case 0:
      case 1:
        return {NumberIs{static_cast<NumberField>(random_() % 5), comparison(), number()}};
      case 2:
      case 3:
        return {TextIs{static_cast<TextField>(random_() % 4), static_cast<TextMatch>(random_() % 3), text()}};
      case 4: {
        IdIn in;
        for (size_t n = random_() % 8; n > 0; --n) in.ids.push_back(static_cast<int64_t>(random_() % 60));
        return {in};
      }
      case 5:
        return {attribute()};
      case 6:
        return {AllOf{filters(depth - 1)}};
      case 7:
        return {AnyOf{filters(depth - 1)}};
      default:
        return {NoneOf{filters(depth - 1)}};
    }
  }

  std::mt19937_64& random() { return random_; }

 private:
  std::string one_of(std::vector<std::string> these) { return these[random_() % these.size()]; }
  int64_t captured() { return static_cast<int64_t>(random_() % 5) * 86'400 - 86'400; }
  std::string label() {
    return one_of({"", "dog", "dogs", "cat", "c\xc3\xa4t", "Dog", "d*g", std::string("d\0g", 3)});
  }
  std::string camera() { return one_of({"", "Canon EOS 5D", "Canon", "NIKON D70"}); }
  Comparison comparison() { return static_cast<Comparison>(random_() % 6); }
  int64_t number() {
    switch (random_() % 4) {
      case 0:
        return captured();
      case 1:
        return static_cast<int64_t>(random_() % 8) * 1000;
      case 2:
        return static_cast<int64_t>(random_() % 5) * 320;
      default:
        return std::vector<int64_t>{0, -1, INT64_MIN, INT64_MAX, 500'000'000'000'000'000}[random_() % 5];
    }
  }
  std::string text() {
    return random_() % 2 == 0 ? label()
                              : one_of({"*", "d?g", "*.jpg", "jpg", "png", "/photos/2023", "/photos/2023/",
                                        "*/202[34]/*", "[!d]*", "[", "Canon*", "\xff", "/\xff", "\xff\xff",
                                        "c?t", "*[c\xc3\xa4]t", "tar", "gz", ""});
  }
  AttributeIs attribute() {
    AttributeIs is;
    is.name = one_of({"place", "n", "ok", "a \"b\" $.c", "", "missing"});
    is.comparison = comparison();
    switch (random_() % 3) {
      case 0:
        is.value = one_of({"north", "south", "3", ""});
        break;
      case 1:
        is.value = std::vector<double>{3, -1.5, 0, 4, 1e308}[random_() % 5];
        break;
      default:
        is.comparison = random_() % 2 == 0 ? Comparison::eq : Comparison::ne;
        is.value = random_() % 2 == 0;
    }
    return is;
  }
  std::vector<Filter> filters(int depth) {
    std::vector<Filter> filters;
    for (size_t n = random_() % 4; n > 0; --n) filters.push_back(filter(depth));
    return filters;
  }

  std::mt19937_64 random_;
};

}  // namespace elanus::store
