// How BERT's tokenizer is published: tokenizer.json, or vocab.txt with tokenizer_config.json.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "clip/config_fields.h"
#include "clip/tokenizer_json.h"
#include "clip/word_piece.h"

namespace elanus::clip {
namespace {

using nlohmann::json;

constexpr std::string_view kInner = "##";

Error other_than_bert(const std::string& what, const std::string& part, const std::string& expected,
                      const json& found) {
  return {ErrorKind::unsupported, what + ": " + part + ": expected " + expected +
                                      ", as BERT's tokenizer has it, found " + shown(found)};
}

Result<void> check_bert_parts(const json& root, const std::string& what) {
  const json& model = json_at(root, "model");
  if (json_at(model, "continuing_subword_prefix") != kInner)
    return other_than_bert(what, "model.continuing_subword_prefix", "\"##\"",
                           json_at(model, "continuing_subword_prefix"));
  if (json_at(model, "unk_token") != "[UNK]")
    return other_than_bert(what, "model.unk_token", "\"[UNK]\"", json_at(model, "unk_token"));
  if (json_at(model, "max_input_chars_per_word") != 100)
    return other_than_bert(what, "model.max_input_chars_per_word", "100",
                           json_at(model, "max_input_chars_per_word"));
  const json& normalizer = json_at(root, "normalizer");
  if (json_at(normalizer, "type") != "BertNormalizer")
    return other_than_bert(what, "normalizer", "BertNormalizer", normalizer);
  const json& words = json_at(root, "pre_tokenizer");
  if (json_at(words, "type") != "BertPreTokenizer")
    return other_than_bert(what, "pre_tokenizer", "BertPreTokenizer", words);
  return check_added_tokens(root, {}, "BERT's tokenizer", what);
}

}  // namespace

struct WordPiece::Source {
  std::vector<PieceTable::Source> tokens;
  std::vector<std::pair<std::string, int32_t>> added;
  Cleaning cleaning;
};

bool WordPiece::is_kind_of(const json& root) {
  return json_at(json_at(root, "model"), "type") == "WordPiece";
}

Result<std::unique_ptr<const TokenizerModel>> WordPiece::create(const Source& source,
                                                                const std::string& what) {
  std::unique_ptr<WordPiece> t(new WordPiece);
  std::vector<PieceTable::Source> inner;
  SpecialIds& special = t->special_;
  for (const auto& [token, id, score] : source.tokens) {
    special.vocab_size = std::max(special.vocab_size, id + 1);
    if (token.size() > kInner.size() && token.starts_with(kInner))
      inner.push_back({token.substr(kInner.size()), id});
    if (token == "[CLS]") special.start = id;
    if (token == "[SEP]") special.end = id;
    if (token == "[UNK]") t->unknown_ = id;
  }
  for (const auto& [token, id] : source.added) special.vocab_size = std::max(special.vocab_size, id + 1);
  if (special.start < 0 || special.end < 0 || t->unknown_ < 0)
    return Error(ErrorKind::corrupt,
                 what + ": expected tokens [CLS], [SEP] and [UNK], found not all of them");
  t->whole_ = TRY(PieceTable::create(source.tokens, what));
  t->inner_ = TRY(PieceTable::create(std::move(inner), what));
  t->added_ = TRY(AddedTokens::create(source.added, what));
  t->cleaning_ = source.cleaning;
  return std::unique_ptr<const TokenizerModel>(std::move(t));
}

Result<std::unique_ptr<const TokenizerModel>> WordPiece::from_json(const json& root,
                                                                   const std::string& what) {
  TRY(check_bert_parts(root, what));
  Source source;
  const Vocabulary vocabulary =
      TRY(vocabulary_from(json_at(json_at(root, "model"), "vocab"), what + ": model.vocab"));
  for (const auto& [token, id] : vocabulary)
    if (!token.empty()) source.tokens.push_back({token, id});
  source.added = added_tokens(root);
  const Fields normalizer(root["normalizer"], what + ": normalizer");
  source.cleaning.clean = TRY(normalizer.flag("clean_text", true));
  source.cleaning.chinese = TRY(normalizer.flag("handle_chinese_chars", true));
  source.cleaning.lower_case = TRY(normalizer.flag("lowercase", true));
  source.cleaning.strip_accents = TRY(normalizer.flag("strip_accents", source.cleaning.lower_case));
  return create(source, what);
}

Result<std::unique_ptr<const TokenizerModel>> WordPiece::from_vocab_txt(std::string_view text,
                                                                        const json& config,
                                                                        const std::string& what) {
  constexpr int32_t most = 4194304;
  Source source;
  int32_t id = 0;
  for (; !text.empty(); ++id) {
    if (id == most)
      return Error(ErrorKind::too_large,
                   what + ": expected at most " + std::to_string(most) + " tokens, a line each, found more");
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    source.tokens.push_back({std::string(line), id});
    for (const char* special : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"})
      if (line == special) source.added.emplace_back(line, id);
  }
  if (!config.is_object())
    return Error(ErrorKind::corrupt,
                 what + ": tokenizer_config.json: expected an object, found " + shown(config));
  const Fields fields(config, what + ": tokenizer_config.json");
  source.cleaning.lower_case = TRY(fields.flag("do_lower_case", true));
  source.cleaning.chinese = TRY(fields.flag("tokenize_chinese_chars", true));
  source.cleaning.strip_accents = TRY(fields.flag("strip_accents", source.cleaning.lower_case));
  return create(source, what);
}

}  // namespace elanus::clip
