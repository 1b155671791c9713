#include "clip/byte_bpe.h"

#include <algorithm>

#include "clip/html.h"
#include "clip/text_normalize.h"
#include "clip/utf8.h"

namespace elanus::clip {
namespace {

constexpr const char *kPackedBytes = "tokenizer.bytes", *kPackedMerges = "tokenizer.merges";

// How many characters the contraction at the front of `text` has, 0 when there is none:
// 's|'t|'re|'ve|'m|'ll|'d
size_t contraction(std::u32string_view text) {
  for (const std::u32string_view c : {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"})
    if (text.starts_with(c)) return c.size();
  return 0;
}

// How many characters the next piece has. `text` does not begin with a space. The published pattern:
//   's|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
size_t piece_length(std::u32string_view text) {
  if (const size_t n = contraction(text)) return n;
  const CharKind kind = kind_of(text.front());
  if (kind == CharKind::number) return 1;
  size_t n = 1;
  while (n < text.size() && kind_of(text[n]) == kind) ++n;
  return n;
}

}  // namespace

Result<std::unique_ptr<const TokenizerModel>> ByteBpe::create(const TokenizerSource& source,
                                                              const std::string& what) {
  for (const auto& [name, id] : {std::pair(start_token, source.start), std::pair(end_token, source.end)})
    if (id < 0)
      return Error(ErrorKind::unsupported,
                   what + ": expected CLIP's token " + std::string(name) + ", found none of this name");
  int32_t highest = std::max(source.start, source.end);
  for (const auto& [token, id] : source.vocabulary) highest = std::max(highest, id);
  Bpe bpe = TRY(Bpe::create(source.vocabulary, source.merges, source.unknown, what));
  const SpecialIds special{.start = source.start, .end = source.end, .vocab_size = highest + 1};
  return std::unique_ptr<const TokenizerModel>(new ByteBpe(std::move(bpe), special));
}

Result<std::unique_ptr<const TokenizerModel>> ByteBpe::from_packed(const PackedFile& file,
                                                                   const SpecialIds& special) {
  const Bpe::Tables tables{TRY(packed_table<int32_t>(file, kPackedBytes)),
                           TRY(packed_table<Bpe::Merge>(file, kPackedMerges))};
  Bpe bpe = TRY(Bpe::borrow(tables, static_cast<size_t>(special.vocab_size), file.path().string()));
  return std::unique_ptr<const TokenizerModel>(new ByteBpe(std::move(bpe), special));
}

void ByteBpe::pack(PackedWriter& writer) const {
  pack_table(writer, kPackedBytes, bpe_.tables().byte_ids);
  pack_table(writer, kPackedMerges, bpe_.tables().merges);
}

std::vector<int32_t> ByteBpe::encode(std::string_view text, size_t enough) const {
  std::vector<int32_t> ids;
  const std::string clean = unescape_html(unescape_html(text));
  Bpe::Scratch scratch;
  std::string piece;
  // Text between two special tokens.
  const auto encode_plain = [&](std::string_view plain) {
    const std::u32string normal = normalize(decode_utf8(plain));
    for (std::u32string_view rest = normal; !rest.empty() && ids.size() <= enough;) {
      if (kind_of(rest.front()) == CharKind::space) {
        rest.remove_prefix(1);
        continue;
      }
      const size_t n = piece_length(rest);
      piece.clear();
      for (const char32_t c : rest.substr(0, n)) append_utf8(c, piece);
      bpe_.encode(piece, scratch, ids);
      rest.remove_prefix(n);
    }
  };

  // The special tokens written out in the text are those tokens, as in the reference.
  for (std::string_view rest = clean; !rest.empty() && ids.size() <= enough;) {
    const size_t start = rest.find(start_token), end = rest.find(end_token), next = std::min(start, end);
    encode_plain(rest.substr(0, next));
    if (next == std::string_view::npos) break;
    ids.push_back(start < end ? special_.start : special_.end);
    rest.remove_prefix(next + (start < end ? start_token : end_token).size());
  }
  return ids;
}

}  // namespace elanus::clip
