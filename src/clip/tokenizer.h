// Text to token ids, equal to each model's published tokenizer: CLIP's byte-level BPE (byte_bpe.h), SigLIP
// 2's BPE over characters (sentence_bpe.h), SigLIP's Unigram (unigram.h), Chinese-CLIP's WordPiece
// (word_piece.h). docs/decisions/tokenizer.md says where published forms differ from each other, and what is
// done here.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "clip/packed_file.h"
#include "clip/tokenizer_model.h"

namespace elanus::clip {

// Thread-safety: const after construction; encode may be called from many threads.
class Tokenizer {
 public:
  // Reads tokenizer.json, else spiece.model, vocab.json + merges.txt, vocab.txt, or OpenAI's
  // bpe_simple_vocab_16e6.txt(.gz). `vocab_size` is the text tower's: a higher id is a mismatch. unsupported
  // names what makes a file another kind than those.
  static Result<Tokenizer> load(const std::filesystem::path& folder, uint32_t vocab_size);

  // The same from text. `what` names the source in errors.
  static Result<Tokenizer> from_json(std::string_view tokenizer_json, const std::string& what);
  static Result<Tokenizer> from_vocab_and_merges(std::string_view vocab_json, std::string_view merges_txt,
                                                 const std::string& what);
  // OpenAI's bpe_simple_vocab_16e6.txt: a heading, then merges, of which the first 48,894 count.
  static Result<Tokenizer> from_openai_merges(std::string_view text, const std::string& what);
  // SentencePiece's spiece.model, a protocol buffer.
  static Result<Tokenizer> from_sentencepiece(std::string_view model, const std::string& what);
  // BERT's vocab.txt, a token a line. `config` is its tokenizer_config.json, or "{}".
  static Result<Tokenizer> from_vocab_txt(std::string_view text, std::string_view config,
                                          const std::string& what);

  // What encode() needs goes to the writer; from_packed takes it from the file made so, which outlives it.
  // not_found when the file has no tokenizer; corrupt and mismatch as above.
  void pack(PackedWriter& writer) const;
  static Result<Tokenizer> from_packed(const PackedFile& file, uint32_t vocab_size);

  // Any bytes; invalid UTF-8 is read as U+FFFD. context_length >= 2. Only the first 256 KiB of text are
  // looked at: what follows counts as cut off unless it is ASCII whitespace. Time is O(n log n) in that.
  Encoded encode(std::string_view text, size_t context_length) const;

  int32_t start_id() const { return special_.start; }  // -1 when texts have none
  int32_t end_id() const { return special_.end; }
  size_t vocab_size() const { return static_cast<size_t>(special_.vocab_size); }  // highest id + 1

 private:
  explicit Tokenizer(std::unique_ptr<const TokenizerModel> model)
      : model_(std::move(model)), special_(model_->special()) {}
  static Result<Tokenizer> read(const std::filesystem::path& folder);
  static Result<Tokenizer> from_parsed(const nlohmann::json& tokenizer_json, const std::string& what);

  std::unique_ptr<const TokenizerModel> model_;
  SpecialIds special_;
};

}  // namespace elanus::clip
