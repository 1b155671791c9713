#include "clip/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/file.h"
#include "tests/support/outside.h"

namespace elanus::clip {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path published =
    fs::path(ELANUS_SOURCE_DIR) / "../shared/data/clip-bpe/bpe_simple_vocab_16e6.txt.gz";

const Tokenizer& clip_tokenizer() {
  static const Tokenizer tokenizer =
      Tokenizer::from_openai_merges(outside::output_of("gzip -dc '" + published.string() + "'"), "published")
          .value();
  return tokenizer;
}

std::string small_json() {
  return io::read_text(fs::path(ELANUS_SOURCE_DIR) / "tests/inputs/tokenizer_fuzz/tokenizer.json", 1 << 20)
      .value();
}

Tokenizer small() { return Tokenizer::from_json(small_json(), "tokenizer.json").value(); }

class Published : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(published)) GTEST_SKIP() << "needs the published vocabulary, " << published;
  }
  static std::vector<int32_t> ids(std::string_view text) { return clip_tokenizer().encode(text, 77).ids; }
};

TEST_F(Published, KnownIds) {
  EXPECT_EQ(clip_tokenizer().vocab_size(), 49408u);
  EXPECT_THAT(ids("a photo of a cat"), ElementsAre(49406, 320, 1125, 539, 320, 2368, 49407));
  EXPECT_THAT(ids("  A\tPHOTO\u00a0of\n\na   cat  "), ElementsAre(49406, 320, 1125, 539, 320, 2368, 49407));
  EXPECT_THAT(ids(""), ElementsAre(49406, 49407));
  EXPECT_THAT(ids("a <|endoftext|> b"), ElementsAre(49406, 320, 49407, 321, 49407));
  EXPECT_EQ(ids("a cat &amp;amp; a dog"), ids("a cat & a dog"));
  EXPECT_EQ(ids("cafe\u0301"), ids("caf\u00e9"));
}

TEST_F(Published, IsReadAsItLiesInAFolder) {
  EXPECT_EQ(Tokenizer::load(published.parent_path(), 49408).value().encode("a photo of a cat", 77).ids,
            ids("a photo of a cat"));
}

TEST_F(Published, EqualsTheSlowTokenizer) {
  const auto lines = outside::expected_lines(
      outside::output_of_script("slow_tokenizer.py '" + published.string() + "' 10000"));
  EXPECT_EQ(lines.size(), 10000u);
  size_t truncated = 0;
  for (const auto& [text, numbers] : lines) {
    const std::vector<int32_t> expected(numbers.begin() + 1, numbers.end());
    const Encoded encoded = clip_tokenizer().encode(text, 77);
    ASSERT_EQ(encoded.ids, expected) << text;
    ASSERT_EQ(encoded.truncated, numbers[0] != 0) << text;
    truncated += encoded.truncated;
  }
  EXPECT_GT(truncated, 500u);
}

TEST(Tokenizer, MergesByRank) {
  EXPECT_THAT(small().encode("ab AB a b", 77).ids, ElementsAre(5, 3, 3, 6, 2, 6));
}

TEST(Tokenizer, TruncationKeepsTheEndToken) {
  const Tokenizer tokenizer = small();
  const Encoded full = tokenizer.encode("ab ab ab", 5), cut = tokenizer.encode("ab ab ab ab", 5);
  EXPECT_THAT(full.ids, ElementsAre(5, 3, 3, 3, 6));
  EXPECT_FALSE(full.truncated);
  EXPECT_EQ(cut.ids, full.ids);
  EXPECT_TRUE(cut.truncated);
  EXPECT_THAT(tokenizer.encode("ab", 2).ids, ElementsAre(5, 6));
}

TEST(Tokenizer, InvalidUtf8IsTheReplacementCharacter) {
  const auto bytes = Tokenizer::from_openai_merges("heading\n", "t").value();
  const auto ids = [&](std::string_view text) { return bytes.encode(text, 100).ids; };
  EXPECT_EQ(ids("a\xff"), ids("a\ufffd"));
  EXPECT_EQ(ids("\xed\xa0\x80"), ids("\ufffd\ufffd\ufffd"));  // a surrogate
  EXPECT_EQ(ids("\xf0\x9f\x90 x"), ids("\ufffd x"));          // cut off
  EXPECT_EQ(ids("\xc0\xaf"), ids("\ufffd\ufffd"));            // overlong
}

TEST(Tokenizer, LongTextIsBounded) {
  const Tokenizer tokenizer = small();
  EXPECT_TRUE(tokenizer.encode(std::string(3 << 20, 'a'), 77).truncated);
  EXPECT_EQ(tokenizer.encode(std::string(3 << 20, 'a'), 77).ids.size(), 77u);
  EXPECT_FALSE(tokenizer.encode("ab" + std::string(3 << 20, ' '), 77).truncated);
  EXPECT_TRUE(tokenizer.encode(std::string(3 << 20, ' ') + "ab", 77).truncated);
  std::string marks;  // the worst case of canonical ordering
  for (int i = 0; i < 60000; ++i) marks += i % 2 ? "\u0301" : "\u0323";
  EXPECT_TRUE(tokenizer.encode(marks, 77).truncated);
}

TEST(Tokenizer, BothFileFormsGiveTheSame) {
  const auto pair = Tokenizer::from_vocab_and_merges(
      R"({"a":0,"b":1,"b</w>":2,"ab</w>":3,"<|startoftext|>":5,"<|endoftext|>":6})",
      "#version: 0.2\r\na b</w>\r\n", "t");
  ASSERT_TRUE(pair.ok()) << pair.error().message();
  EXPECT_EQ(pair->encode("ab ba c", 77).ids, small().encode("ab ba c", 77).ids);
}

TEST(Tokenizer, FilesOfAnotherKindAreRefused) {
  const auto error_with = [](const std::string& from, const std::string& to) {
    std::string json = small_json();
    const size_t at = json.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    const auto tokenizer = Tokenizer::from_json(json.replace(at, from.size(), to), "t.json");
    EXPECT_FALSE(tokenizer.ok()) << to;
    return tokenizer.ok() ? "" : tokenizer.error().message();
  };
  EXPECT_THAT(error_with("\"BPE\"", "\"WordLevel\""), HasSubstr("model.type: expected BPE"));
  EXPECT_THAT(error_with("\"</w>\"", "\"\""), HasSubstr("model.end_of_word_suffix"));
  EXPECT_THAT(error_with("\"NFC\"", "\"NFKC\""), HasSubstr("normalizer: expected NFC"));
  EXPECT_THAT(error_with("'s|", ""), HasSubstr("pre_tokenizer: pattern"));
  EXPECT_THAT(error_with("\"a b</w>\"", "\"a c</w>\""),
              HasSubstr("merge 1 of 'a' and 'c</w>': 'c</w>' is not in"));
  EXPECT_THAT(error_with("\"a b</w>\"", "\"ab\""), HasSubstr("model.merges"));
  EXPECT_THAT(error_with("\"a\":0", "\"a\":-1"), HasSubstr("token 'a': expected an id from 0 to 4194303"));
  EXPECT_THAT(error_with("\"unk_token\":\"<|endoftext|>\"", "\"unk_token\":null"),
              HasSubstr("no unknown token"));
}

TEST(Tokenizer, IdsMustFitTheModel) {
  const fs::path folder = fs::path(ELANUS_SOURCE_DIR) / "tests/inputs/tokenizer_fuzz";
  EXPECT_TRUE(Tokenizer::load(folder, 7).ok());
  const auto tokenizer = Tokenizer::load(folder, 6);
  ASSERT_FALSE(tokenizer.ok());
  EXPECT_EQ(tokenizer.error().kind(), ErrorKind::mismatch);
  EXPECT_THAT(tokenizer.error().message(),
              HasSubstr("has 7 tokens, expected at most the vocab_size of config.json, 6"));
}

TEST(Tokenizer, AFolderWithoutOneSaysWhatToPutThere) {
  const auto tokenizer = Tokenizer::load(fs::path(ELANUS_SOURCE_DIR) / "src/clip", 6);
  ASSERT_FALSE(tokenizer.ok());
  EXPECT_EQ(tokenizer.error().kind(), ErrorKind::not_found);
  EXPECT_THAT(tokenizer.error().message(),
              HasSubstr("vocab.json and merges.txt, or bpe_simple_vocab_16e6.txt.gz"));
}

}  // namespace
}  // namespace elanus::clip
