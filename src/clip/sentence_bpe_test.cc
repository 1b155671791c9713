#include "clip/sentence_bpe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "clip/tokenizer.h"
#include "tests/support/golden_clips.h"
#include "tests/support/outside.h"

namespace elanus::clip {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kFile = (golden::folder("siglip2-f32") / "tokenizer.json").string();

nlohmann::json file() { return nlohmann::json::parse(io::read_text(kFile, 1 << 20).value()); }

const TokenizerModel& tokenizer() {
  static const std::unique_ptr<const TokenizerModel> made = SentenceBpe::from_json(file(), "t.json").value();
  return *made;
}

TEST(SentenceBpe, EqualsTheSlowOne) {
  const auto lines =
      outside::expected_lines(outside::output_of_script("slow_sentence_bpe.py '" + kFile + "' 10000"));
  EXPECT_EQ(lines.size(), 10000u);
  for (const auto& line : lines)
    ASSERT_EQ(tokenizer().encode(line.text, SIZE_MAX), line.numbers) << line.text;
}

TEST(SentenceBpe, TextsArePaddedToTheContext) {
  const Tokenizer siglip = Tokenizer::load(golden::folder("siglip2-f32"), 305).value();
  const Encoded cat = siglip.encode("a", 5), cut = siglip.encode("abcdef", 5);
  EXPECT_THAT(cat.ids, ElementsAre(tokenizer().encode("a", SIZE_MAX)[0], 1, 0, 0, 0));
  EXPECT_EQ(cat.padding, 3u);
  EXPECT_FALSE(cat.truncated);
  EXPECT_EQ(cut.ids.size(), 5u);
  EXPECT_EQ(cut.ids.back(), 1);
  EXPECT_EQ(cut.padding, 0u);
  EXPECT_TRUE(cut.truncated);
}

TEST(SentenceBpe, AnotherKindIsRefusedInWords) {
  const auto error_with = [](const char* pointer, const nlohmann::json& value) {
    return golden::refusal("siglip2-f32", pointer, value);
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
