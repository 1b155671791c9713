// BERT's tokenizer, as Chinese-CLIP uses it: words, punctuation and each Chinese character by itself, every
// word in the longest pieces that the vocabulary has. Reference: the BertNormalizer, BertPreTokenizer and
// WordPiece of Hugging Face's tokenizers.
#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/added_tokens.h"
#include "clip/piece_table.h"
#include "clip/tokenizer_model.h"

namespace elanus::clip {

// Thread-safety: const after construction.
class WordPiece final : public TokenizerModel {
 public:
  static constexpr char kKind = 'w';

  // Whether a tokenizer.json is of this kind.
  static bool is_kind_of(const nlohmann::json& tokenizer_json);

  // unsupported names a part that differs from BERT's; corrupt: no vocabulary, no [CLS], [SEP] or [UNK].
  static Result<std::unique_ptr<const TokenizerModel>> from_json(const nlohmann::json& tokenizer_json,
                                                                 const std::string& what);
  // vocab.txt: a token a line, its id the number of lines before; of equal lines the last one counts.
  // `config`: tokenizer_config.json, for do_lower_case, tokenize_chinese_chars and strip_accents.
  static Result<std::unique_ptr<const TokenizerModel>> from_vocab_txt(std::string_view text,
                                                                      const nlohmann::json& config,
                                                                      const std::string& what);
  static Result<std::unique_ptr<const TokenizerModel>> from_packed(const PackedFile& file,
                                                                   const SpecialIds& special);

  std::vector<int32_t> encode(std::string_view text, size_t enough) const override;
  char kind() const override { return kKind; }
  void pack(PackedWriter& writer) const override;

 private:
  // What is done to a text first.
  struct Cleaning {
    bool clean = true, chinese = true, strip_accents = true, lower_case = true;
  };
  struct Source;
  WordPiece() = default;
  static Result<std::unique_ptr<const TokenizerModel>> create(const Source& source, const std::string& what);
  std::u32string cleaned(std::string_view text) const;
  void encode_word(std::u32string_view word, std::string& bytes, std::vector<int32_t>& ids) const;

  PieceTable whole_, inner_;  // tokens that begin a word; those of "##", without it
  AddedTokens added_;
  Cleaning cleaning_;
  int32_t unknown_ = -1;
};

}  // namespace elanus::clip
