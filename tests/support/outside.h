// What other programs print, and lines of text in many scripts.
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

namespace elanus::outside {

// What a shell command prints; the command must succeed.
inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return text;
  std::array<char, 65536> part;
  while (const size_t n = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), n);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return text;
}

// What a script of tests/support prints.
inline std::string output_of_script(const std::string& script_and_arguments) {
  return output_of("python3 '" + std::string(ELANUS_SOURCE_DIR) + "/tests/support/'" + script_and_arguments);
}

inline std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

// A line of a slow tokenizer: the text as hex, a tab, numbers.
struct Expected {
  std::string text;
  std::vector<int32_t> numbers;
};
inline std::vector<Expected> expected_lines(const std::string& output) {
  std::vector<Expected> all;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    const size_t tab = std::min(line.find('\t'), line.size());
    all.push_back({bytes_of_hex(line.substr(0, tab)), {}});
    std::istringstream numbers(line.substr(tab));
    for (int32_t number; numbers >> number;) all.back().numbers.push_back(number);
  }
  return all;
}

}  // namespace elanus::outside
