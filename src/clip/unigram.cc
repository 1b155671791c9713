#include "clip/unigram.h"

#include <algorithm>

#include "clip/text_normalize.h"
#include "clip/utf8.h"

namespace elanus::clip {
namespace {

constexpr std::string_view kSpaceMark = "\u2581";  // stands for a space in the vocabulary
constexpr const char *kPackedPieces = "tokenizer.unigram", *kPackedUnknown = "tokenizer.unknown",
                     *kPackedUnknownScore = "tokenizer.unknown_score";

// Python's string.punctuation.
bool is_ascii_punctuation(char32_t c) { return c < 0x80 && is_punctuation(c); }

// SiglipTokenizer.canonicalize_text: lower case, no ASCII punctuation, runs of white space as one space, none
// at the ends.
std::string canonical(std::string_view text) {
  std::string out;
  for (const char32_t c : lower(decode_utf8(text))) {
    if (is_ascii_punctuation(c)) continue;
    if (kind_of(c) != CharKind::space)
      append_utf8(c, out);
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

size_t character_bytes(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

// The best way to reach a byte of the text.
struct Reached {
  int32_t id = -1;
  float score = 0;
  size_t from = SIZE_MAX;  // nobody did
};

}  // namespace

// SentencePiece's normalizer with add_dummy_prefix, remove_extra_whitespaces and escape_whitespaces.
std::string Unigram::normalized(std::string_view text) const {
  std::string out(kSpaceMark);
  const std::string clean = canonical(text);
  bool after_space = true;
  for (std::string_view rest = clean; !rest.empty();) {
    const auto [piece, consumed] = rules_.step(rest);
    rest.remove_prefix(consumed);
    for (const char c : piece) {
      if (c != ' ') out += c;
      if (c == ' ' && !after_space) out += kSpaceMark;
      after_space = c == ' ';
    }
  }
  while (out.ends_with(kSpaceMark)) out.resize(out.size() - kSpaceMark.size());
  return out;
}

// EncodeOptimized: forward, the best predecessor of every byte that a piece ends at; then back.
void Unigram::encode_plain(std::string_view text, std::vector<int32_t>& ids) const {
  const std::string normal = normalized(text);
  const std::string_view all = normal;
  std::vector<Reached> reached(all.size() + 1);
  const auto offer = [&](size_t from, size_t size, int32_t id, float score) {
    Reached& to = reached[from + size];
    const float sum = score + reached[from].score;
    if (to.from == SIZE_MAX || sum > to.score) to = {id, sum, from};
  };
  for (size_t at = 0; at < all.size();) {
    const size_t character = std::min(character_bytes(static_cast<unsigned char>(all[at])), all.size() - at);
    bool alone = false;  // whether the character is a piece by itself
    pieces_.prefixes(all.substr(at), [&](const PieceTable::Piece& piece) {
      offer(at, piece.size, piece.id, piece.score);
      alone = alone || piece.size == character;
    });
    if (!alone) offer(at, character, unknown_, unknown_score_);
    at += character;
  }
  const auto before = static_cast<std::ptrdiff_t>(ids.size());
  for (size_t at = all.size(); at > 0; at = reached[at].from) {
    // Unknown characters in a row are one unknown token.
    const int32_t id = reached[at].id;
    if (id != unknown_ || static_cast<std::ptrdiff_t>(ids.size()) == before || ids.back() != unknown_)
      ids.push_back(id);
  }
  std::reverse(ids.begin() + before, ids.end());
}

std::vector<int32_t> Unigram::encode(std::string_view text, size_t enough) const {
  std::vector<int32_t> ids;
  added_.split(
      text, [&](std::string_view part) { encode_plain(part, ids); }, [&](int32_t id) { ids.push_back(id); },
      [&] { return ids.size() <= enough; });
  return ids;
}

void Unigram::pack(PackedWriter& writer) const {
  pieces_.pack(writer, kPackedPieces);
  rules_.pack(writer);
  added_.pack(writer);
  pack_table(writer, kPackedUnknown, std::span<const int32_t>(&unknown_, 1));
  pack_table(writer, kPackedUnknownScore, std::span<const float>(&unknown_score_, 1));
}

Result<std::unique_ptr<const TokenizerModel>> Unigram::from_packed(const PackedFile& file,
                                                                   const SpecialIds& special) {
  std::unique_ptr<Unigram> t(new Unigram);
  t->special_ = special;
  t->pieces_ = TRY(PieceTable::from_packed(file, kPackedPieces, special.vocab_size));
  t->rules_ = TRY(Charsmap::from_packed(file));
  t->added_ = TRY(AddedTokens::from_packed(file, special.vocab_size));
  const auto unknown = TRY(packed_table<int32_t>(file, kPackedUnknown));
  const auto score = TRY(packed_table<float>(file, kPackedUnknownScore));
  if (unknown.size() != 1 || score.size() != 1 || unknown[0] < 0 || unknown[0] >= special.vocab_size ||
      special.padding < 0)
    return Error(ErrorKind::corrupt, file.path().string() + ": no tokenizer of SigLIP's kind");
  t->unknown_ = unknown[0];
  t->unknown_score_ = score[0];
  return std::unique_ptr<const TokenizerModel>(std::move(t));
}

}  // namespace elanus::clip
