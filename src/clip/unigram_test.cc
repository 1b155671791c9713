#include "clip/unigram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "clip/charsmap.h"
#include "clip/sentencepiece_model.h"
#include "clip/tokenizer.h"
#include "tests/support/golden_clips.h"

namespace elanus::clip {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using PieceType = SentencePieceModel::Type;

// Ids in order: 0 <pad>, 1 </s>, 2 <unk>, then what a test adds.
SentencePieceModel pieces_model(std::vector<SentencePieceModel::Piece> pieces, std::string charsmap = "") {
  std::vector<SentencePieceModel::Piece> all{
      {"<pad>", 0, PieceType::control}, {"</s>", 0, PieceType::control}, {"<unk>", 0, PieceType::unknown}};
  all.insert(all.end(), pieces.begin(), pieces.end());
  return {std::move(all), std::move(charsmap)};
}

std::vector<int32_t> unigram_ids(const SentencePieceModel& from, std::string_view text) {
  const auto made = Unigram::from_model(from, "t");
  EXPECT_TRUE(made.ok()) << made.error().message();
  return (*made)->encode(text, SIZE_MAX);
}

TEST(Unigram, TakesTheCutOfTheHighestScore) {
  const auto small = pieces_model({{"▁", -3}, {"▁a", -1}, {"a", -2}, {"b", -2}, {"▁ab", -3.5f}, {"bb", -3}});
  EXPECT_THAT(unigram_ids(small, "a"), ElementsAre(4));
  EXPECT_THAT(unigram_ids(small, "ab"), ElementsAre(4, 6)) << "-1 - 2 is more than -3.5";
  EXPECT_THAT(unigram_ids(small, "abb"), ElementsAre(4, 8)) << "-1 - 3 is more than -3.5 - 2 and -1 - 2 - 2";
  EXPECT_THAT(unigram_ids(small, "xyz a"), ElementsAre(3, 2, 4)) << "unknown characters in a row are one";
  EXPECT_THAT(unigram_ids(small, ""), ElementsAre());
}

TEST(Unigram, TextsAreCleanedAsInTraining) {
  const auto small = pieces_model({{"▁", -3}, {"▁a", -1}, {"a", -2}, {"b", -2}});
  for (const char* text : {"a ab", "A, a-b!", "  a \t\n\u3000 (ab)  ", "a ' ab"})
    EXPECT_THAT(unigram_ids(small, text), ElementsAre(4, 4, 6)) << text;
  EXPECT_THAT(unigram_ids(small, "!?"), ElementsAre());
  EXPECT_THAT(unigram_ids(small, "a</s>a<unk>"), ElementsAre(4, 1, 4, 2));
}

TEST(Unigram, IsReadAlikeFromBothFiles) {
  const auto json = io::read_text(golden::folder("siglip-f32") / "tokenizer.json", 1 << 20).value();
  const auto proto = io::read_text(golden::folder("siglip-f16") / "spiece.model", 1 << 20).value();
  const auto one = Tokenizer::from_json(json, "j"), other = Tokenizer::from_sentencepiece(proto, "p");
  ASSERT_TRUE(one.ok() && other.ok());
  for (const char* text : {"a photo of a cat", "ＡＢＣ ｶﾞ ﬁne e\u0301", "①②", "\u200b"})
    EXPECT_EQ(one->encode(text, 64).ids, other->encode(text, 64).ids) << text;
  EXPECT_EQ(one->encode("a", 8).ids.back(), 1) << "padded with the end token";
  EXPECT_EQ(one->encode("a", 8).padding, 6u);
}

TEST(Unigram, AnotherKindIsRefusedInWords) {
  const auto error_with = [](const char* pointer, const nlohmann::json& value) {
    return golden::refusal("siglip-f32", pointer, value);
  };
  EXPECT_THAT(error_with("/normalizer/normalizers/0/type", "NFD"),
              HasSubstr("normalizer: expected Lowercase"));
  EXPECT_THAT(error_with("/normalizer/normalizers/1/pattern/Regex", "[a-z]"),
              HasSubstr("normalizer: expected"));
  EXPECT_THAT(error_with("/normalizer/normalizers/4/precompiled_charsmap", "#"), HasSubstr("base64"));
  EXPECT_THAT(error_with("/normalizer/normalizers/4/precompiled_charsmap", "AAAA"),
              HasSubstr("found a trie of"));
  EXPECT_THAT(error_with("/pre_tokenizer/type", "Whitespace"),
              HasSubstr("pre_tokenizer: expected Metaspace"));
  EXPECT_THAT(error_with("/added_tokens/0/single_word", true), HasSubstr("single_word: expected false"));
  EXPECT_THAT(error_with("/model/byte_fallback", true), HasSubstr("byte_fallback"));
  EXPECT_THAT(error_with("/model/unk_id", 5000), HasSubstr("an unknown token"));
  EXPECT_THAT(error_with("/model/vocab/7", {"a"}), HasSubstr("model.vocab: 7: expected [token, score]"));
}

TEST(SentencePieceModel, WhatIsNotSiglipsIsRefusedInWords) {
  const auto error_of = [](std::string_view bytes) {
    const auto parsed = parse_sentencepiece_model(bytes, "spiece.model");
    EXPECT_FALSE(parsed.ok());
    return parsed.ok() ? "" : parsed.error().message();
  };
  const std::string piece("\x0a\x03\x0a\x01\x61", 5);  // pieces { piece: "a" }
  EXPECT_TRUE(parse_sentencepiece_model(piece, "spiece.model").ok());
  EXPECT_THAT(error_of(""), HasSubstr("expected a SentencePiece model"));
  EXPECT_THAT(error_of("hello"), HasSubstr("expected a SentencePiece model"));
  EXPECT_THAT(error_of(piece.substr(0, 4)), HasSubstr("expected a SentencePiece model"));
  EXPECT_THAT(error_of(std::string("\x0a\x00", 2)), HasSubstr("piece 0"));
  EXPECT_THAT(error_of(piece + "\x12\x02\x18\x02"), HasSubstr("model_type: expected 1 (Unigram), "));
  EXPECT_THAT(error_of(piece + std::string("\x1a\x02\x18\x00", 4)),
              HasSubstr("add_dummy_prefix: expected 1"));
  EXPECT_THAT(
      Unigram::from_model(pieces_model({{"word", 0, PieceType::user_defined}}), "t").error().message(),
      HasSubstr("piece 3, 'word': expected none defined by a user"));
}

TEST(Charsmap, FollowsTheLongestRuleAndLeavesOtherTextAlone) {
  const auto proto = io::read_text(golden::folder("siglip-f16") / "spiece.model", 1 << 20).value();
  const auto rules = Charsmap::create(parse_sentencepiece_model(proto, "p").value().charsmap, "p").value();
  const auto step = [&](std::string_view text) {
    const auto done = rules.step(text);
    return std::pair(std::string(done.text), done.consumed);
  };
  EXPECT_EQ(step("ｶ"), std::pair(std::string("カ"), size_t{3}));
  EXPECT_EQ(step("ｶﾞ"), std::pair(std::string("ガ"), size_t{6}));
  EXPECT_EQ(step("\u200b"), std::pair(std::string(), size_t{3}));
  EXPECT_EQ(step("犬が"), std::pair(std::string("犬"), size_t{3}));
  EXPECT_EQ(step("x"), std::pair(std::string("x"), size_t{1}));
}

}  // namespace
}  // namespace elanus::clip
