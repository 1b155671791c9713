// CLIP's tokenizer: words of letters, single digits, runs of others; byte-pair encoding of each.
#pragma once
#include <memory>

#include "base/result.h"
#include "clip/bpe.h"
#include "clip/tokenizer_files.h"
#include "clip/tokenizer_model.h"

namespace elanus::clip {

// Thread-safety: const after construction.
class ByteBpe final : public TokenizerModel {
 public:
  static constexpr char kKind = 'c';

  // unsupported without CLIP's start and end tokens; corrupt as Bpe::create.
  static Result<std::unique_ptr<const TokenizerModel>> create(const TokenizerSource& source,
                                                              const std::string& what);
  static Result<std::unique_ptr<const TokenizerModel>> from_packed(const PackedFile& file,
                                                                   const SpecialIds& special);

  std::vector<int32_t> encode(std::string_view text, size_t enough) const override;
  char kind() const override { return kKind; }
  void pack(PackedWriter& writer) const override;

 private:
  ByteBpe(Bpe bpe, const SpecialIds& special) : TokenizerModel(special), bpe_(std::move(bpe)) {}

  Bpe bpe_;
};

}  // namespace elanus::clip
