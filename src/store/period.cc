#include <charconv>
#include <chrono>
#include <string>

#include "store/filter_parser.h"

namespace elanus::store {
namespace {

// The number of exactly `digits` digits at `at`; -1 when there is none.
int digits_at(std::string_view text, size_t at, size_t digits) {
  int number = 0;
  if (text.size() < at + digits) return -1;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

Result<Period> parse_period(std::string_view date) {
  using namespace std::chrono;
  const Error refused(ErrorKind::invalid_argument,
                      "expected a date such as 2023, 2023-06, 2023-06-15 or 2023-06-15T12:34, got \"" +
                          std::string(date.substr(0, 80)) + "\"");
  // How long each spelling is, and what has to stand before its last number.
  const size_t size = date.size();
  if (size != 4 && size != 7 && size != 10 && size != 16 && size != 19) return refused;
  if (size > 4 && date[4] != '-') return refused;
  if (size > 7 && date[7] != '-') return refused;
  if (size > 10 && (date[10] != 'T' && date[10] != 't' && date[10] != ' ')) return refused;
  if (size > 10 && date[13] != ':') return refused;
  if (size > 16 && date[16] != ':') return refused;
  const int y = digits_at(date, 0, 4), m = size > 4 ? digits_at(date, 5, 2) : 1,
            d = size > 7 ? digits_at(date, 8, 2) : 1;
  const int hour = size > 10 ? digits_at(date, 11, 2) : 0, minute = size > 10 ? digits_at(date, 14, 2) : 0,
            second = size > 16 ? digits_at(date, 17, 2) : 0;
  if (y < 1 || m < 1 || d < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 59)
    return refused;
  const year_month_day first(year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
  if (!first.ok()) return refused;
  const auto seconds_of = [](const year_month_day& day) {
    return int64_t{sys_days(day).time_since_epoch().count()} * 86'400;
  };
  const int64_t begin = seconds_of(first) + hour * 3600 + minute * 60 + second;
  switch (size) {
    case 4:
      return Period{begin, seconds_of(first + years(1))};
    case 7:
      return Period{begin, seconds_of(first + months(1))};
    case 10:
      return Period{begin, begin + 86'400};
    case 16:
      return Period{begin, begin + 60};
    default:
      return Period{begin, begin + 1};
  }
}

}  // namespace elanus::store
