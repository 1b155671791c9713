// CLIP's byte-level BPE, or SigLIP 2's of sentence_bpe.h: text to token ids, equal to the published tokenizer
// (docs/decisions/tokenizer.md says where the published ones differ from each other, and what is done here).
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clip/packed_file.h"

namespace elanus::clip {

struct TokenizerSource;
class SentenceBpe;

struct Encoded {
  std::vector<int32_t> ids;  // start token, the text's, end token: 2..context_length. SigLIP's: the text's,
                             // end token, padding: context_length
  size_t padding = 0;        // how many of the last ids are padding
  bool truncated = false;    // the text had more tokens than fit; its end was cut, the end token kept
};

// Thread-safety: const after construction; encode may be called from many threads.
class Tokenizer {
 public:
  // Reads tokenizer.json, else vocab.json + merges.txt, else OpenAI's bpe_simple_vocab_16e6.txt(.gz).
  // `vocab_size` is the text tower's: a higher id is a mismatch. unsupported names what makes a
  // tokenizer.json another kind than those.
  static Result<Tokenizer> load(const std::filesystem::path& folder, uint32_t vocab_size);

  // The same from text. `what` names the source in errors.
  static Result<Tokenizer> from_json(std::string_view tokenizer_json, const std::string& what);
  static Result<Tokenizer> from_vocab_and_merges(std::string_view vocab_json, std::string_view merges_txt,
                                                 const std::string& what);
  // OpenAI's bpe_simple_vocab_16e6.txt: a heading, then merges, of which the first 48,894 count.
  static Result<Tokenizer> from_openai_merges(std::string_view text, const std::string& what);

  // What encode() needs goes to the writer; from_packed takes it from the file made so, which outlives it.
  // not_found when the file has no tokenizer; corrupt and mismatch as above.
  void pack(PackedWriter& writer) const;
  static Result<Tokenizer> from_packed(const PackedFile& file, uint32_t vocab_size);

  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;

  // Any bytes; invalid UTF-8 is read as U+FFFD. context_length >= 2. Only the first 256 KiB of text are
  // looked at: what follows counts as cut off unless it is ASCII whitespace. Time is O(n log n) in that.
  Encoded encode(std::string_view text, size_t context_length) const;

  int32_t start_id() const;  // -1 when texts have none
  int32_t end_id() const;
  size_t vocab_size() const;  // highest id + 1

 private:
  struct Tables;
  explicit Tokenizer(std::unique_ptr<const Tables> tables);
  explicit Tokenizer(std::unique_ptr<const SentenceBpe> sentence);
  static Result<Tokenizer> read(const std::filesystem::path& folder);
  static Result<Tokenizer> from_parsed(const nlohmann::json& tokenizer_json, const std::string& what);
  Encoded encode_sentence(std::string_view text, size_t context_length) const;
  static Result<Tokenizer> create(const TokenizerSource& source, const std::string& what);
  std::unique_ptr<const Tables> tables_;         // CLIP's
  std::unique_ptr<const SentenceBpe> sentence_;  // or SigLIP 2's
};

}  // namespace elanus::clip
