// spiece.model: SentencePiece's file, a protocol buffer. Reference: sentencepiece_model.proto (ModelProto).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::clip {

struct SentencePieceModel {
  enum class Type { normal = 1, unknown, control, user_defined, unused, byte };
  struct Piece {
    std::string token;
    float score = 0;
    Type type = Type::normal;
  };
  std::vector<Piece> pieces;  // by id
  std::string charsmap;       // normalizer_spec.precompiled_charsmap
};

// corrupt: not a protocol buffer of this kind; too_large: more than 4,194,304 pieces; unsupported: another
// model type than Unigram, or another treatment of spaces than SigLIP's, named. `what` names the source in
// errors. Memory is bounded by the size of the text. Thread-safety: pure.
Result<SentencePieceModel> parse_sentencepiece_model(std::string_view bytes, const std::string& what);

}  // namespace elanus::clip
