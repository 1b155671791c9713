#include <cmath>
#include <cstdlib>

#include "clip/charsmap.h"
#include "clip/sentencepiece_model.h"
#include "clip/tokenizer.h"

// The input as a spiece.model, and as rules of normalisation by themselves.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace elanus::clip;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto model = parse_sentencepiece_model(input, "fuzz");
  if (model.ok())
    for (const auto& piece : model->pieces)
      if (piece.token.empty() || piece.token.size() > size || !std::isfinite(piece.score)) std::abort();
  for (const std::string_view text :
       {std::string_view("It's a photo of \xff \u2581 \uff21 \uff76\uff9e"), input}) {
    if (const auto tokenizer = Tokenizer::from_sentencepiece(input, "fuzz"); tokenizer.ok()) {
      const Encoded encoded = tokenizer->encode(text, 64);
      if (encoded.ids.size() != 64) std::abort();
      for (const int32_t id : encoded.ids)
        if (id < 0 || static_cast<size_t>(id) >= tokenizer->vocab_size()) std::abort();
    }
    if (const auto rules = Charsmap::create(input, "fuzz"); rules.ok())
      for (std::string_view rest = text; !rest.empty();) {
        const auto [piece, consumed] = rules->step(rest);
        if (consumed == 0 || consumed > rest.size() || piece.size() > size + 4) std::abort();
        rest.remove_prefix(consumed);
      }
  }
  return 0;
}
