#include <cstdint>
#include <cstdlib>

#include "io/csv.h"

// Rows are as long as the header, and what csv_cell writes of them reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto csv = elanus::io::parse_csv({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!csv.ok()) return 0;
  std::string text = "a,b\n";
  for (const auto& row : csv->rows) {
    if (row.size() != csv->columns.size()) std::abort();
    text += elanus::io::csv_cell(row[0]) + ",\n";
  }
  const auto again = elanus::io::parse_csv(text, "again");
  if (!again.ok() || again->rows.size() != csv->rows.size()) std::abort();
  for (size_t i = 0; i < csv->rows.size(); ++i)
    if (again->rows[i][0] != csv->rows[i][0]) std::abort();
  return 0;
}
