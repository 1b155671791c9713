// Every kind of tokenizer against an independent implementation, on 10,000 lines in many scripts: what that
// one gave is in each model's digests.txt, a number per thousand lines (tools/golden/tokenizer_digests.py).
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdlib>
#include <filesystem>

#include "clip/tokenizer.h"
#include "tests/support/golden_clips.h"
#include "tests/support/outside.h"

namespace elanus::clip {
namespace {
namespace fs = std::filesystem;

constexpr size_t kDigestGroup = 1000;

const std::vector<std::string>& many_lines() {
  static const std::vector<std::string> made = [] {
    std::vector<std::string> all;
    for (auto& line : outside::expected_lines(outside::output_of_script("lines.py 10000")))
      all.push_back(std::move(line.text));
    return all;
  }();
  return made;
}

// 64-bit FNV-1a, of numbers as they lie in memory.
void fold(int32_t number, uint64_t& state) {
  for (int shift = 0; shift < 32; shift += 8)
    state = (state ^ (static_cast<uint32_t>(number) >> shift & 0xFF)) * 0x100000001B3;
}

std::string digests_of(const Tokenizer& tokenizer) {
  std::string text;
  uint64_t state = 0;
  for (size_t i = 0; i < many_lines().size(); ++i) {
    if (i % kDigestGroup == 0) state = 0xCBF29CE484222325;
    const Encoded encoded = tokenizer.encode(many_lines()[i], 4096);
    const size_t start = tokenizer.start_id() < 0 ? 0 : 1, end = encoded.ids.size() - encoded.padding - 1;
    for (size_t at = start; at < end; ++at) fold(encoded.ids[at], state);
    fold(-1, state);
    if (i % kDigestGroup + 1 < kDigestGroup) continue;
    char digest[24];
    std::snprintf(digest, sizeof digest, "%016" PRIx64 "\n", state);
    text += digest;
  }
  return text;
}

// The models of the tests, and those of a folder of folders that somebody names.
std::vector<fs::path> digested_models() {
  std::vector<fs::path> found, folders{golden::folder("")};
  if (const char* more = std::getenv("ELANUS_TOKENIZERS")) folders.emplace_back(more);
  for (const fs::path& folder : folders)
    for (const auto& entry : fs::directory_iterator(folder))
      if (fs::exists(entry.path() / "digests.txt")) found.push_back(entry.path());
  return found;
}

TEST(TokenizerDigests, EqualAnIndependentTokenizer) {
  ASSERT_EQ(many_lines().size(), 10 * kDigestGroup);
  ASSERT_FALSE(digested_models().empty());
  for (const fs::path& model : digested_models()) {
    SCOPED_TRACE(model);
    const auto tokenizer = Tokenizer::load(model, 1 << 22);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.error().message();
    EXPECT_EQ(digests_of(*tokenizer), io::read_text(model / "digests.txt", 1 << 16).value());
  }
}

}  // namespace
}  // namespace elanus::clip
