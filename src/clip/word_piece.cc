#include "clip/word_piece.h"

#include <algorithm>

#include "clip/text_normalize.h"
#include "clip/utf8.h"

namespace elanus::clip {
namespace {

constexpr size_t kLongestWord = 100;  // characters; longer ones are unknown
constexpr const char *kPackedWhole = "tokenizer.whole", *kPackedInner = "tokenizer.inner",
                     *kPackedRules = "tokenizer.rules";

// As the reference has it: not every block of ideographs, and one block from where its second half begins.
bool is_chinese(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x2F800 && c <= 0x2FA1F);
}

// Tab, line feed and carriage return are spaces; the other controls are not, though some are white space.
bool is_removed(char32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return c == 0 || c == 0xFFFD || is_invisible(c);
}

bool is_word_end(char32_t c) { return kind_of(c) == CharKind::space || is_punctuation(c); }

}  // namespace

std::u32string WordPiece::cleaned(std::string_view text) const {
  std::u32string out;
  for (const char32_t c : decode_utf8(text)) {
    if (cleaning_.clean && is_removed(c)) continue;
    const bool alone = cleaning_.chinese && is_chinese(c);
    if (alone) out += U' ';
    out += cleaning_.clean && kind_of(c) == CharKind::space ? U' ' : c;
    if (alone) out += U' ';
  }
  if (cleaning_.strip_accents) {
    out = decomposed(out);
    out.erase(std::remove_if(out.begin(), out.end(), is_nonspacing_mark), out.end());
  }
  return cleaning_.lower_case ? lower(out) : out;
}

void WordPiece::encode_word(std::u32string_view word, std::string& bytes, std::vector<int32_t>& ids) const {
  bytes.clear();
  for (const char32_t c : word) append_utf8(c, bytes);
  const size_t before = ids.size();
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const PieceTable& table = rest.size() == bytes.size() ? whole_ : inner_;
    const PieceTable::Piece* piece = word.size() > kLongestWord ? nullptr : table.longest(rest);
    if (!piece) {
      // A word that cannot be had whole is not had in parts.
      ids.resize(before);
      ids.push_back(unknown_);
      return;
    }
    ids.push_back(piece->id);
    rest.remove_prefix(piece->size);
  }
}

std::vector<int32_t> WordPiece::encode(std::string_view text, size_t enough) const {
  std::vector<int32_t> ids;
  std::string bytes;
  const auto more = [&] { return ids.size() <= enough; };
  const auto plain = [&](std::string_view part) {
    const std::u32string clean = cleaned(part);
    for (std::u32string_view rest = clean; !rest.empty() && more();) {
      const auto end = std::find_if(rest.begin(), rest.end(), is_word_end);
      auto size = static_cast<size_t>(end - rest.begin());
      if (size == 0 && kind_of(rest.front()) == CharKind::space) {
        rest.remove_prefix(1);
        continue;
      }
      size = std::max<size_t>(size, 1);  // punctuation is a word of its own
      encode_word(rest.substr(0, size), bytes, ids);
      rest.remove_prefix(size);
    }
  };
  added_.split(
      text, plain, [&](int32_t id) { ids.push_back(id); }, more);
  return ids;
}

void WordPiece::pack(PackedWriter& writer) const {
  whole_.pack(writer, kPackedWhole);
  inner_.pack(writer, kPackedInner);
  added_.pack(writer);
  const int32_t rules[] = {unknown_, cleaning_.clean, cleaning_.chinese, cleaning_.strip_accents,
                           cleaning_.lower_case};
  pack_table(writer, kPackedRules, std::span<const int32_t>(rules));
}

Result<std::unique_ptr<const TokenizerModel>> WordPiece::from_packed(const PackedFile& file,
                                                                     const SpecialIds& special) {
  std::unique_ptr<WordPiece> t(new WordPiece);
  t->special_ = special;
  t->whole_ = TRY(PieceTable::from_packed(file, kPackedWhole, special.vocab_size));
  t->inner_ = TRY(PieceTable::from_packed(file, kPackedInner, special.vocab_size));
  t->added_ = TRY(AddedTokens::from_packed(file, special.vocab_size));
  const auto rules = TRY(packed_table<int32_t>(file, kPackedRules));
  if (rules.size() != 5 || rules[0] < 0 || rules[0] >= special.vocab_size || special.start < 0)
    return Error(ErrorKind::corrupt, file.path().string() + ": no tokenizer of BERT's kind");
  t->unknown_ = rules[0];
  t->cleaning_ = {rules[1] != 0, rules[2] != 0, rules[3] != 0, rules[4] != 0};
  return std::unique_ptr<const TokenizerModel>(std::move(t));
}

}  // namespace elanus::clip
