#include "clip/sentence_bpe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "clip/tokenizer.h"
#include "tests/support/golden_clips.h"

namespace elanus::clip {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kFile = (golden::folder("siglip2-f32") / "tokenizer.json").string();

nlohmann::json file() { return nlohmann::json::parse(io::read_text(kFile, 1 << 20).value()); }

const SentenceBpe& tokenizer() {
  static const std::unique_ptr<const SentenceBpe> made = SentenceBpe::from_json(file(), "t.json").value();
  return *made;
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return text;
  std::array<char, 65536> part;
  while (const size_t n = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), n);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return text;
}

TEST(SentenceBpe, EqualsTheSlowOne) {
  std::istringstream lines(output_of("python3 '" + std::string(ELANUS_SOURCE_DIR) +
                                     "/tests/support/slow_sentence_bpe.py' '" + kFile + "' 2000"));
  std::string line;
  size_t compared = 0;
  while (std::getline(lines, line)) {
    const size_t tab = std::min(line.find('\t'), line.size());
    std::string text;
    for (size_t i = 0; i < tab; i += 2) text += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
    std::istringstream numbers(line.substr(tab));
    std::vector<int32_t> expected;
    for (int32_t id; numbers >> id;) expected.push_back(id);
    ASSERT_EQ(tokenizer().encode(text), expected) << text;
    ++compared;
  }
  EXPECT_EQ(compared, 2000u);
}

TEST(SentenceBpe, TextsArePaddedToTheContext) {
  const Tokenizer siglip = Tokenizer::load(golden::folder("siglip2-f32"), 305).value();
  const Encoded cat = siglip.encode("a", 5), cut = siglip.encode("abcdef", 5);
  EXPECT_THAT(cat.ids, ElementsAre(tokenizer().encode("a")[0], 1, 0, 0, 0));
  EXPECT_EQ(cat.padding, 3u);
  EXPECT_FALSE(cat.truncated);
  EXPECT_EQ(cut.ids.size(), 5u);
  EXPECT_EQ(cut.ids.back(), 1);
  EXPECT_EQ(cut.padding, 0u);
  EXPECT_TRUE(cut.truncated);
}

TEST(SentenceBpe, AnotherKindIsRefusedInWords) {
  const auto error_with = [](const char* pointer, const nlohmann::json& value) {
    nlohmann::json changed = file();
    changed[nlohmann::json::json_pointer(pointer)] = value;
    const auto made = SentenceBpe::from_json(changed, "t.json");
    EXPECT_FALSE(made.ok()) << pointer;
    return made.ok() ? "" : made.error().message();
  };
  EXPECT_THAT(error_with("/normalizer/type", "NFKC"), HasSubstr("normalizer: expected Lowercase, spaces to"));
  EXPECT_THAT(error_with("/pre_tokenizer/type", "Metaspace"),
              HasSubstr("pre_tokenizer: expected Split at spaces"));
  EXPECT_THAT(error_with("/added_tokens/0/lstrip", true), HasSubstr("added_tokens: lstrip: expected false"));
  EXPECT_THAT(error_with("/added_tokens/1/content", "</s>"),
              HasSubstr("expected added tokens <eos> and <pad>"));
  EXPECT_THAT(error_with("/model/merges/0/0", "zz"), HasSubstr("'zz' is not in the vocabulary"));
  EXPECT_THAT(error_with("/model/ignore_merges", true), HasSubstr("model.ignore_merges"));
  nlohmann::json no_byte = file();
  no_byte["model"]["vocab"].erase("<0x7F>");
  EXPECT_THAT(SentenceBpe::from_json(no_byte, "t").error().message(), HasSubstr("expected a token <0x7F>"));
}

}  // namespace
}  // namespace elanus::clip
