// Gemma's tokenizer as SigLIP 2 uses it: BPE over the characters of the whole text, spaces included, with
// bytes for characters that the vocabulary lacks. Reference: transformers, tokenization_siglip2.py, and the
// BPE of Hugging Face's tokenizers.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/added_tokens.h"
#include "clip/bpe.h"
#include "clip/tokenizer_model.h"

namespace elanus::clip {

// Thread-safety: const after construction.
class SentenceBpe final : public TokenizerModel {
 public:
  static constexpr char kKind = 's';

  // Whether a tokenizer.json is of this kind: BPE with byte_fallback.
  static bool is_kind_of(const nlohmann::json& tokenizer_json);

  // unsupported names a part that differs from SigLIP 2's; corrupt: no vocabulary, a merge of unknown tokens,
  // a byte without a token. `what` names the source in errors.
  static Result<std::unique_ptr<const TokenizerModel>> from_json(const nlohmann::json& tokenizer_json,
                                                                 const std::string& what);
  static Result<std::unique_ptr<const TokenizerModel>> from_packed(const PackedFile& file,
                                                                   const SpecialIds& special);

  // The text is lower-cased.
  std::vector<int32_t> encode(std::string_view text, size_t enough) const override;
  char kind() const override { return kKind; }
  void pack(PackedWriter& writer) const override;

 private:
  struct Character {
    char32_t character;
    int32_t id;
  };
  explicit SentenceBpe(Bpe merges) : merges_(std::move(merges)) {}
  int32_t id_of(char32_t character) const;  // -1 when the vocabulary lacks it
  void encode_plain(std::string_view text, std::vector<int32_t>& ids) const;

  std::vector<Character> own_characters_;  // empty when borrowed
  std::span<const Character> characters_;  // in order
  std::array<int32_t, 256> bytes_{};
  Bpe merges_;
  AddedTokens added_;
};

}  // namespace elanus::clip
