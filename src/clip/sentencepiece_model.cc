#include "clip/sentencepiece_model.h"

#include <cmath>
#include <cstring>
#include <optional>

namespace elanus::clip {
namespace {

constexpr size_t kMostPieces = 4194304;

// A field of a protocol buffer: a number (varint or fixed) or bytes.
struct Field {
  uint32_t number = 0;
  enum class Wire { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 } wire = Wire::varint;
  uint64_t value = 0;
  std::string_view bytes;
  bool flag() const { return value != 0; }
};

// Reads one message field by field; nothing is taken for granted.
class Message {
 public:
  explicit Message(std::string_view bytes) : rest_(bytes) {}
  bool done() const { return rest_.empty(); }

  // Nothing when the bytes are no field.
  std::optional<Field> next() {
    const auto key = varint();
    if (!key || *key >> 3 == 0 || *key >> 3 > 0x1FFFFFFF) return std::nullopt;
    Field field;
    field.number = static_cast<uint32_t>(*key >> 3);
    field.wire = static_cast<Field::Wire>(*key & 7);
    switch (field.wire) {
      case Field::Wire::varint: {
        const auto value = varint();
        if (!value) return std::nullopt;
        field.value = *value;
        return field;
      }
      case Field::Wire::fixed64:
        return fixed(field, 8);
      case Field::Wire::fixed32:
        return fixed(field, 4);
      case Field::Wire::bytes: {
        const auto size = varint();
        if (!size || *size > rest_.size()) return std::nullopt;
        field.bytes = rest_.substr(0, *size);
        rest_.remove_prefix(*size);
        return field;
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<uint64_t> varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }
  std::optional<Field> fixed(Field& field, size_t size) {
    if (rest_.size() < size) return std::nullopt;
    std::memcpy(&field.value, rest_.data(), size);
    rest_.remove_prefix(size);
    return field;
  }

  std::string_view rest_;
};

Error broken(const std::string& what, const std::string& where) {
  return {ErrorKind::corrupt, what + ": " + where + ": expected a SentencePiece model, found something else"};
}

// Calls take(field) for each field of the message.
template <class Take>
Result<void> each_field(std::string_view bytes, const std::string& what, const std::string& where,
                        const Take& take) {
  for (Message message(bytes); !message.done();) {
    const auto field = message.next();
    if (!field) return broken(what, where);
    TRY(take(*field));
  }
  return {};
}

Result<SentencePieceModel::Piece> piece_from(std::string_view bytes, const std::string& what, size_t id) {
  SentencePieceModel::Piece piece;
  const std::string where = "piece " + std::to_string(id);
  TRY(each_field(bytes, what, where, [&](const Field& field) -> Result<void> {
    if (field.number == 1 && field.wire == Field::Wire::bytes) piece.token = field.bytes;
    if (field.number == 2 && field.wire == Field::Wire::fixed32) {
      const auto bits = static_cast<uint32_t>(field.value);
      std::memcpy(&piece.score, &bits, sizeof bits);
    }
    if (field.number == 3 && field.wire == Field::Wire::varint) {
      if (field.value < 1 || field.value > 6) return broken(what, where + ": type");
      piece.type = static_cast<SentencePieceModel::Type>(field.value);
    }
    return {};
  }));
  if (piece.token.empty() || !std::isfinite(piece.score)) return broken(what, where);
  return piece;
}

Error other_sentencepiece(const std::string& what, const std::string& key, const std::string& expected,
                          uint64_t found) {
  return {ErrorKind::unsupported, what + ": " + key + ": expected " + expected +
                                      ", as SigLIP's tokenizer has it, found " + std::to_string(found)};
}

Result<void> check_trainer(std::string_view bytes, const std::string& what) {
  return each_field(bytes, what, "trainer_spec", [&](const Field& field) -> Result<void> {
    if (field.number == 3 && field.value != 1)
      return other_sentencepiece(what, "trainer_spec.model_type", "1 (Unigram)", field.value);
    if (field.number == 24 && field.flag())
      return other_sentencepiece(what, "trainer_spec.treat_whitespace_as_suffix", "0", field.value);
    if (field.number == 35 && field.flag())
      return other_sentencepiece(what, "trainer_spec.byte_fallback", "0", field.value);
    return {};
  });
}

Result<void> read_normalizer(std::string_view bytes, const std::string& what, SentencePieceModel& model) {
  return each_field(bytes, what, "normalizer_spec", [&](const Field& field) -> Result<void> {
    if (field.number == 2) model.charsmap = field.bytes;
    constexpr const char* kFlags[] = {"add_dummy_prefix", "remove_extra_whitespaces", "escape_whitespaces"};
    if (field.number >= 3 && field.number <= 5 && !field.flag())
      return other_sentencepiece(what, std::string("normalizer_spec.") + kFlags[field.number - 3], "1", 0);
    return {};
  });
}

}  // namespace

Result<SentencePieceModel> parse_sentencepiece_model(std::string_view bytes, const std::string& what) {
  SentencePieceModel model;
  TRY(each_field(bytes, what, "model", [&](const Field& field) -> Result<void> {
    if (field.wire != Field::Wire::bytes) return {};
    if (field.number == 1) {
      if (model.pieces.size() == kMostPieces)
        return Error(ErrorKind::too_large,
                     what + ": expected at most " + std::to_string(kMostPieces) + " pieces, found more");
      model.pieces.push_back(TRY(piece_from(field.bytes, what, model.pieces.size())));
    }
    if (field.number == 2) TRY(check_trainer(field.bytes, what));
    if (field.number == 3) TRY(read_normalizer(field.bytes, what, model));
    return {};
  }));
  if (model.pieces.empty()) return broken(what, "pieces");
  return model;
}

}  // namespace elanus::clip
