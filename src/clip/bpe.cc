#include "clip/bpe.h"

#include <algorithm>

#include "clip/utf8.h"

namespace elanus::clip {
namespace {

constexpr std::string_view end_of_word = "</w>";

uint64_t pair_of(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

int32_t id_of(const Vocabulary& vocabulary, const std::string& token) {
  const auto found = vocabulary.find(token);
  return found == vocabulary.end() ? -1 : found->second;
}

// For a heap that has the best candidate on top.
bool worse(const Bpe::Scratch::Candidate& a, const Bpe::Scratch::Candidate& b) {
  return std::pair(a.rank, a.at) > std::pair(b.rank, b.at);
}

}  // namespace

std::array<char32_t, 256> byte_letters() {
  std::array<char32_t, 256> letters{};
  char32_t next = 256;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool visible = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    letters[byte] = visible ? byte : next++;
  }
  return letters;
}

Result<Bpe> Bpe::create(const Vocabulary& vocabulary, const MergeList& merges, int32_t unknown,
                        const std::string& what) {
  Bpe bpe = TRY(of_merges(vocabulary, merges, what));
  const auto letters = byte_letters();
  for (size_t byte = 0; byte < 256; ++byte) {
    std::string token;
    append_utf8(letters[byte], token);
    for (auto [at, name] : {std::pair(byte, token), std::pair(256 + byte, token.append(end_of_word))}) {
      const int32_t id = id_of(vocabulary, name);
      if (id < 0 && unknown < 0)
        return Error(ErrorKind::corrupt, what + ": expected a token " + name + " for byte " +
                                             std::to_string(byte) + ", found none and no unknown token");
      bpe.byte_ids_[at] = id < 0 ? unknown : id;
    }
  }
  return bpe;
}

Result<Bpe> Bpe::of_merges(const Vocabulary& vocabulary, const MergeList& merges, const std::string& what) {
  Bpe bpe;
  auto& own = bpe.own_merges_;
  own.reserve(merges.size());
  uint32_t rank = 0;
  std::string whole;
  for (const auto& [left, right] : merges) {
    whole = left;
    whole += right;
    const int32_t ids[] = {id_of(vocabulary, left), id_of(vocabulary, right), id_of(vocabulary, whole)};
    const std::string* const tokens[] = {&left, &right, &whole};
    for (size_t i = 0; i < 3; ++i)
      if (ids[i] < 0)
        return Error(ErrorKind::corrupt, what + ": merge " + std::to_string(rank + 1) + " of '" + left +
                                             "' and '" + right + "': '" + *tokens[i] +
                                             "' is not in the vocabulary");
    own.push_back({pair_of(ids[0], ids[1]), rank++, ids[2]});
  }
  // Of a pair listed twice the last rank counts, as in the reference.
  std::sort(own.begin(), own.end(), [](const Merge& a, const Merge& b) {
    return std::pair(a.pair, ~a.rank) < std::pair(b.pair, ~b.rank);
  });
  const auto end =
      std::unique(own.begin(), own.end(), [](const Merge& a, const Merge& b) { return a.pair == b.pair; });
  own.erase(end, own.end());
  bpe.merges_ = own;
  return bpe;
}

Result<Bpe> Bpe::borrow_merges(std::span<const Merge> merges, size_t vocab_size, const std::string& what) {
  Bpe bpe;
  const auto known = [&](const Merge& m) { return m.id >= 0 && static_cast<size_t>(m.id) < vocab_size; };
  const auto by_pair = [](const Merge& a, const Merge& b) { return a.pair < b.pair; };
  if (!std::all_of(merges.begin(), merges.end(), known) ||
      !std::is_sorted(merges.begin(), merges.end(), by_pair))
    return Error(ErrorKind::corrupt, what + ": no merges of " + std::to_string(vocab_size) + " tokens");
  bpe.merges_ = merges;
  return bpe;
}

Result<Bpe> Bpe::borrow(const Tables& tables, size_t vocab_size, const std::string& what) {
  Bpe bpe = TRY(borrow_merges(tables.merges, vocab_size, what));
  const auto known = [&](int32_t id) { return id >= 0 && static_cast<size_t>(id) < vocab_size; };
  if (tables.byte_ids.size() != bpe.byte_ids_.size() ||
      !std::all_of(tables.byte_ids.begin(), tables.byte_ids.end(), known))
    return Error(ErrorKind::corrupt,
                 what + ": expected 512 ids of bytes, each below " + std::to_string(vocab_size));
  std::copy(tables.byte_ids.begin(), tables.byte_ids.end(), bpe.byte_ids_.begin());
  return bpe;
}

const Bpe::Merge* Bpe::find(int32_t left, int32_t right) const {
  const uint64_t pair = pair_of(left, right);
  const auto found = std::lower_bound(merges_.begin(), merges_.end(), pair,
                                      [](const Merge& merge, uint64_t p) { return merge.pair < p; });
  return found != merges_.end() && found->pair == pair ? &*found : nullptr;
}

void Bpe::offer(Scratch& scratch, int32_t left) const {
  if (left < 0) return;
  const Scratch::Symbol& symbol = scratch.symbols[static_cast<size_t>(left)];
  if (symbol.right < 0) return;
  const Merge* merge = find(symbol.id, scratch.symbols[static_cast<size_t>(symbol.right)].id);
  if (!merge) return;
  scratch.heap.push_back({merge->rank, left, merge->id});
  std::push_heap(scratch.heap.begin(), scratch.heap.end(), worse);
}

void Bpe::encode(std::string_view piece, Scratch& scratch, std::vector<int32_t>& ids) const {
  auto& symbols = scratch.symbols;
  symbols.clear();
  const auto n = static_cast<int32_t>(piece.size());
  for (int32_t i = 0; i < n; ++i) {
    const auto byte = static_cast<unsigned char>(piece[static_cast<size_t>(i)]);
    const bool last = i + 1 == n;
    symbols.push_back({byte_ids_[byte + (last ? 256u : 0u)], i - 1, last ? -1 : i + 1, false});
  }
  merge(scratch, ids);
}

void Bpe::merge(Scratch& scratch, std::vector<int32_t>& ids) const {
  auto& [symbols, heap] = scratch;
  heap.clear();
  for (size_t i = 0; i + 1 < symbols.size(); ++i) offer(scratch, static_cast<int32_t>(i));

  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), worse);
    const Scratch::Candidate best = heap.back();
    heap.pop_back();
    Scratch::Symbol& left = symbols[static_cast<size_t>(best.at)];
    // A candidate is stale once either side has changed.
    if (left.merged || left.right < 0) continue;
    Scratch::Symbol& right = symbols[static_cast<size_t>(left.right)];
    const Merge* still = find(left.id, right.id);
    if (!still || still->id != best.merged_id) continue;
    left.id = best.merged_id;
    right.merged = true;
    left.right = right.right;
    if (right.right >= 0) symbols[static_cast<size_t>(right.right)].left = best.at;
    offer(scratch, left.left);
    offer(scratch, best.at);
  }
  for (int32_t i = 0; i >= 0; i = symbols[static_cast<size_t>(i)].right)
    ids.push_back(symbols[static_cast<size_t>(i)].id);
}

}  // namespace elanus::clip
