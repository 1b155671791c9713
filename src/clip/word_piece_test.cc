#include "clip/word_piece.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "clip/tokenizer.h"
#include "tests/support/golden_clips.h"

namespace elanus::clip {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

// Line by line: 0 [PAD] … 4 a …
constexpr const char* kWordPieces =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\n##bc\nab\n狗\n白\n,\ne\nE\n##\u0301\n";

std::vector<int32_t> word_piece_ids(std::string_view text, const char* config = "{}") {
  const auto tokenizer = Tokenizer::from_vocab_txt(kWordPieces, config, "t");
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.error().message();
  return tokenizer->encode(text, 52).ids;
}

TEST(WordPiece, TakesTheLongestPieceFirst) {
  EXPECT_THAT(word_piece_ids("a ab abb"), ElementsAre(2, 4, 7, 7, 5, 3));
  EXPECT_THAT(word_piece_ids("abbc"), ElementsAre(2, 7, 6, 3));
  EXPECT_THAT(word_piece_ids("abx a"), ElementsAre(2, 1, 4, 3)) << "a word that is not all known is unknown";
  EXPECT_THAT(word_piece_ids(std::string(100, 'e')), ElementsAre(2, 1, 3));
  EXPECT_THAT(word_piece_ids(""), ElementsAre(2, 3));
}

TEST(WordPiece, ChineseCharactersAndPunctuationStandAlone) {
  EXPECT_THAT(word_piece_ids("白狗a,a"), ElementsAre(2, 9, 8, 4, 10, 4, 3));
  EXPECT_THAT(word_piece_ids("a\u200bb\ufeff"), ElementsAre(2, 7, 3)) << "format characters are nothing";
  EXPECT_THAT(word_piece_ids("a\u3000a\ta"), ElementsAre(2, 4, 4, 4, 3));
}

TEST(WordPiece, CaseAndAccentsAsTheConfigSays) {
  EXPECT_THAT(word_piece_ids("É"), ElementsAre(2, 11, 3));
  EXPECT_THAT(word_piece_ids("E", R"({"do_lower_case": false})"), ElementsAre(2, 12, 3));
  EXPECT_THAT(word_piece_ids("E\u0301", R"({"do_lower_case": false})"), ElementsAre(2, 12, 13, 3));
  EXPECT_THAT(word_piece_ids("E\u0301", R"({"strip_accents": false})"), ElementsAre(2, 11, 13, 3));
  EXPECT_THAT(word_piece_ids("白a", R"({"tokenize_chinese_chars": false})"), ElementsAre(2, 1, 3));
}

TEST(WordPiece, SpecialTokensAreThemselvesAndTheEndIsKept) {
  EXPECT_THAT(word_piece_ids("a[SEP]a"), ElementsAre(2, 4, 3, 4, 3));
  const auto tokenizer = Tokenizer::from_vocab_txt(kWordPieces, "{}", "t").value();
  const Encoded cut = tokenizer.encode("a a a a", 5), full = tokenizer.encode("a a a", 5);
  EXPECT_THAT(cut.ids, ElementsAre(2, 4, 4, 4, 3));
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(full.ids, cut.ids);
  EXPECT_FALSE(full.truncated);
}

TEST(WordPiece, AnotherKindIsRefusedInWords) {
  const auto error_with = [](const char* pointer, const nlohmann::json& value) {
    return golden::refusal("chinese-clip-f32", pointer, value);
  };
  EXPECT_THAT(error_with("/model/continuing_subword_prefix", "@@"), HasSubstr("expected \"##\""));
  EXPECT_THAT(error_with("/model/max_input_chars_per_word", 5), HasSubstr("max_input_chars_per_word"));
  EXPECT_THAT(error_with("/normalizer/type", "NFC"), HasSubstr("normalizer: expected BertNormalizer"));
  EXPECT_THAT(error_with("/normalizer/lowercase", 1), HasSubstr("expected true or false, found 1"));
  EXPECT_THAT(error_with("/pre_tokenizer/type", "Split"), HasSubstr("expected BertPreTokenizer"));
  EXPECT_THAT(error_with("/added_tokens/0/normalized", true), HasSubstr("added_tokens: normalized"));
  EXPECT_THAT(error_with("/model/vocab", {{"a", 0}}), HasSubstr("expected tokens [CLS], [SEP] and [UNK]"));
  EXPECT_THAT(Tokenizer::from_vocab_txt("a\nb\n", "{}", "t").error().message(), HasSubstr("[CLS]"));
  EXPECT_THAT(Tokenizer::from_vocab_txt(kWordPieces, "[]", "t").error().message(),
              HasSubstr("tokenizer_config.json: expected an object"));
}

}  // namespace
}  // namespace elanus::clip
