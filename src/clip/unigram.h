// SigLIP's tokenizer: SentencePiece's Unigram model. Of all ways to cut the text into pieces of the
// vocabulary, the one of the highest score. Reference: Kudo, "Subword Regularization", 2018; SentencePiece,
// unigram_model.cc and normalizer.cc; transformers, tokenization_siglip.py, for what happens to the text
// before.
#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/added_tokens.h"
#include "clip/charsmap.h"
#include "clip/piece_table.h"
#include "clip/tokenizer_model.h"

namespace elanus::clip {

struct SentencePieceModel;

// Thread-safety: const after construction.
class Unigram final : public TokenizerModel {
 public:
  static constexpr char kKind = 'u';

  // Whether a tokenizer.json is of this kind.
  static bool is_kind_of(const nlohmann::json& tokenizer_json);

  // unsupported names a part that differs from SigLIP's; corrupt: no vocabulary, an unknown token that is not
  // in it.
  static Result<std::unique_ptr<const TokenizerModel>> from_json(const nlohmann::json& tokenizer_json,
                                                                 const std::string& what);
  // From a spiece.model.
  static Result<std::unique_ptr<const TokenizerModel>> from_model(SentencePieceModel model,
                                                                  const std::string& what);
  static Result<std::unique_ptr<const TokenizerModel>> from_packed(const PackedFile& file,
                                                                   const SpecialIds& special);

  // The text is lower-cased and loses ASCII punctuation, as in training.
  std::vector<int32_t> encode(std::string_view text, size_t enough) const override;
  char kind() const override { return kKind; }
  void pack(PackedWriter& writer) const override;

 private:
  struct Source {
    std::vector<PieceTable::Source> pieces;
    std::vector<std::pair<std::string, int32_t>> added;
    std::string charsmap;
    int32_t unknown = -1;
  };
  Unigram() = default;
  static Result<std::unique_ptr<const TokenizerModel>> create(Source source, const std::string& what);
  std::string normalized(std::string_view text) const;
  void encode_plain(std::string_view text, std::vector<int32_t>& ids) const;

  PieceTable pieces_;
  Charsmap rules_;
  AddedTokens added_;
  int32_t unknown_ = -1;
  float unknown_score_ = 0;
};

}  // namespace elanus::clip
