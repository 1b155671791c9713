// The three forms in which CLIP's vocabulary is published, read into one.
#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "clip/bpe.h"

namespace elanus::clip {

constexpr std::string_view start_token = "<|startoftext|>", end_token = "<|endoftext|>";

// Ids are 0..4194303; -1 where there is no such token.
struct TokenizerSource {
  Vocabulary vocabulary;
  MergeList merges;
  int32_t start = -1, end = -1;
  int32_t unknown = -1;  // for bytes that the vocabulary lacks
};

// `what` names the source in errors. corrupt: not the format; unsupported: a tokenizer.json whose parts are
// not those of CLIP's tokenizer (byte-level BPE with "</w>", NFC, lower-casing, CLIP's split pattern), the
// part named.
Result<TokenizerSource> parse_tokenizer_json(std::string_view json, const std::string& what);
Result<TokenizerSource> tokenizer_source(const nlohmann::json& tokenizer_json, const std::string& what);
// transformers' older files: {token: id} and lines of "left right", the best first.
Result<TokenizerSource> parse_vocab_and_merges(std::string_view vocab_json, std::string_view merges_txt,
                                               const std::string& what);
// OpenAI's bpe_simple_vocab_16e6.txt; ids follow from the order.
Result<TokenizerSource> parse_openai_merges(std::string_view text, const std::string& what);

// `folder`/vocab.json and merges.txt, else bpe_simple_vocab_16e6.txt or .txt.gz.
Result<TokenizerSource> read_tokenizer_files(const std::filesystem::path& folder);

}  // namespace elanus::clip
