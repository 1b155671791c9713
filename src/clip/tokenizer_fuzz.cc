#include <cstdlib>

#include "clip/html.h"
#include "clip/tokenizer.h"

namespace {

using elanus::clip::Tokenizer;

// A vocabulary of bytes alone: any text has ids.
Tokenizer byte_tokenizer() {
  return Tokenizer::from_openai_merges("heading\na b\nab a\na a\n", "bytes").value();
}

void check(const Tokenizer& tokenizer, std::string_view text) {
  for (const size_t context : {size_t{2}, size_t{77}}) {
    const auto encoded = tokenizer.encode(text, context);
    if (encoded.ids.size() < 2 || encoded.ids.size() > context) std::abort();
    // SigLIP's have no start token, and padding up to the context.
    const bool padded = tokenizer.start_id() < 0;
    if (padded ? encoded.ids.size() != context : encoded.ids.front() != tokenizer.start_id()) std::abort();
    if (encoded.padding >= context ||
        encoded.ids[encoded.ids.size() - 1 - encoded.padding] != tokenizer.end_id())
      std::abort();
    for (const int32_t id : encoded.ids)
      if (static_cast<size_t>(id) >= tokenizer.vocab_size()) std::abort();
  }
}

}  // namespace

// The input as text, and as each of the tokenizer files.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Tokenizer bytes = byte_tokenizer();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(bytes, text);
  if (elanus::clip::unescape_html(text).size() > text.size() + text.size() / 2) std::abort();
  const auto json = Tokenizer::from_json(text, "fuzz");
  if (json.ok()) check(*json, "It's a photo of aaaabab \xff &amp; 2 <|startoftext|>");
  (void)Tokenizer::from_vocab_and_merges(text, "#version: 0.2\na b\n", "fuzz");
  const auto openai = Tokenizer::from_openai_merges(text, "fuzz");
  if (openai.ok()) check(*openai, text);
  const auto bert = Tokenizer::from_vocab_txt(text, "{}", "fuzz");
  if (bert.ok()) check(*bert, text);
  return 0;
}
