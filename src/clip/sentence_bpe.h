// Gemma's tokenizer as SigLIP 2 uses it: BPE over the characters of the whole text, spaces included, with
// bytes for characters that the vocabulary lacks. Reference: transformers, tokenization_siglip2.py, and the
// BPE of Hugging Face's tokenizers.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "clip/bpe.h"

namespace elanus::clip {

// Thread-safety: const after construction.
class SentenceBpe {
 public:
  // Whether a tokenizer.json is of this kind: BPE with byte_fallback.
  static bool is_kind_of(const nlohmann::json& tokenizer_json);

  // unsupported names a part that differs from SigLIP 2's; corrupt: no vocabulary, a merge of unknown tokens,
  // a byte without a token. `what` names the source in errors.
  static Result<std::unique_ptr<const SentenceBpe>> from_json(const nlohmann::json& tokenizer_json,
                                                              const std::string& what);

  // The ids of the text, lower-cased, without any that are not in it. Any bytes; invalid UTF-8 is read as
  // U+FFFD.
  std::vector<int32_t> encode(std::string_view text) const;

  int32_t end_id() const { return end_; }
  int32_t padding_id() const { return padding_; }
  size_t vocab_size() const { return vocab_size_; }  // highest id + 1

 private:
  explicit SentenceBpe(Bpe merges) : merges_(std::move(merges)) {}
  const std::pair<const std::string, int32_t>* longest_added_at(std::string_view text) const;
  void encode_plain(std::string_view text, std::vector<int32_t>& ids) const;

  std::unordered_map<char32_t, int32_t> characters_;
  std::array<int32_t, 256> bytes_{};
  Bpe merges_;
  std::unordered_map<std::string, int32_t> added_;  // tokens that are looked for in the text as it is written
  std::array<bool, 256> starts_added_{};            // first bytes of these
  size_t longest_added_ = 0;
  int32_t end_ = -1, padding_ = -1;
  size_t vocab_size_ = 0;
};

}  // namespace elanus::clip
