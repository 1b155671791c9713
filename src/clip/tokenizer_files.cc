#include "clip/tokenizer_files.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "clip/tokenizer_json.h"
#include "clip/utf8.h"
#include "io/file.h"
#include "io/gzip.h"
#include "io/json.h"

namespace elanus::clip {
namespace {

constexpr size_t max_file_bytes = size_t{32} << 20;

// "left right", exactly one space.
std::optional<std::pair<std::string, std::string>> merge_of(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == 0 || space == std::string_view::npos || space + 1 == line.size() ||
      line.find(' ', space + 1) != std::string_view::npos)
    return std::nullopt;
  return std::pair(std::string(line.substr(0, space)), std::string(line.substr(space + 1)));
}

// Lines of merges after the line `skip`, at most `limit` of them. Empty lines and a "#version" line are
// passed over.
Result<MergeList> merge_lines(std::string_view text, size_t skip, size_t limit, const std::string& what) {
  MergeList merges;
  for (size_t number = 1; !text.empty() && merges.size() < limit; ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number <= skip || line.empty() || line.starts_with("#version")) continue;
    auto merge = merge_of(line);
    if (!merge)
      return Error(ErrorKind::corrupt, what + ": merges, line " + std::to_string(number) +
                                           ": expected two tokens with a space between");
    merges.push_back(std::move(*merge));
  }
  return merges;
}

int32_t id_of(const Vocabulary& vocabulary, std::string_view token) {
  const auto found = vocabulary.find(std::string(token));
  return found == vocabulary.end() ? -1 : found->second;
}

// CLIP's files name the end token as the unknown one.
void name_special(TokenizerSource& source) {
  source.start = id_of(source.vocabulary, start_token);
  source.end = source.unknown = id_of(source.vocabulary, end_token);
}

Error expected_merges(const std::string& what) {
  return {ErrorKind::corrupt, what + ": model.merges: expected an array of \"left right\" or [left, right]"};
}

}  // namespace

Result<MergeList> merges_from(const nlohmann::json& list, const std::string& what) {
  if (!list.is_array()) return expected_merges(what);
  MergeList merges;
  for (const nlohmann::json& entry : list) {
    if (entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_string()) {
      merges.emplace_back(entry[0].get<std::string>(), entry[1].get<std::string>());
      continue;
    }
    auto merge = entry.is_string() ? merge_of(entry.get_ref<const std::string&>()) : std::nullopt;
    if (!merge) return expected_merges(what);
    merges.push_back(std::move(*merge));
  }
  return merges;
}

Result<Vocabulary> vocabulary_from(const nlohmann::json& object, const std::string& what) {
  if (!object.is_object()) return Error(ErrorKind::corrupt, what + ": expected a vocabulary {token: id}");
  Vocabulary vocabulary;
  vocabulary.reserve(object.size());
  for (const auto& [token, id] : object.items()) {
    const auto checked = token_id(id);
    if (!checked)
      return Error(ErrorKind::corrupt, what + ": token '" + token + "': expected an id from 0 to 4194303");
    vocabulary.emplace(token, *checked);
  }
  return vocabulary;
}

Result<TokenizerSource> parse_tokenizer_json(std::string_view text, const std::string& what) {
  return tokenizer_source(TRY(io::parse_json(text, what, {.max_bytes = max_file_bytes})), what);
}

Result<TokenizerSource> tokenizer_source(const nlohmann::json& root, const std::string& what) {
  TRY(check_clip_tokenizer(root, what));
  const nlohmann::json& model = root["model"];
  TokenizerSource source;
  source.vocabulary = TRY(vocabulary_from(model.value("vocab", nlohmann::json()), what + ": model.vocab"));
  source.merges = TRY(merges_from(model.value("merges", nlohmann::json()), what));
  name_special(source);
  for (const auto& [token, id] : added_tokens(root)) {
    if (token == start_token) source.start = id;
    if (token == end_token) source.end = id;
  }
  const auto unknown = model.find("unk_token");
  const bool named = unknown != model.end() && unknown->is_string();
  source.unknown = named ? id_of(source.vocabulary, unknown->get_ref<const std::string&>()) : -1;
  return source;
}

Result<TokenizerSource> parse_vocab_and_merges(std::string_view vocab_json, std::string_view merges_txt,
                                               const std::string& what) {
  const std::string vocab = what + ": vocab.json";
  const nlohmann::json root = TRY(io::parse_json(vocab_json, vocab, {.max_bytes = max_file_bytes}));
  TokenizerSource source;
  source.vocabulary = TRY(vocabulary_from(root, vocab));
  source.merges = TRY(merge_lines(merges_txt, 0, merges_txt.size(), what));
  name_special(source);
  return source;
}

Result<TokenizerSource> parse_openai_merges(std::string_view text, const std::string& what) {
  // simple_tokenizer.py: merges[1:49152-256-2+1]; the vocabulary is the bytes, the bytes at a word's end, the
  // merges, and the two special tokens. The bytes stand in the order of their letters' code points.
  TokenizerSource source;
  source.merges = TRY(merge_lines(text, 1, 49152 - 256 - 2, what));
  auto letters = byte_letters();
  std::sort(letters.begin(), letters.end());
  int32_t next = 0;
  const auto add = [&](const std::string& token) { source.vocabulary.emplace(token, next++); };
  for (const char* end : {"", "</w>"}) {
    for (const char32_t letter : letters) {
      std::string token;
      append_utf8(letter, token);
      add(token + end);
    }
  }
  for (const auto& [left, right] : source.merges) add(left + right);
  add(std::string(start_token));
  add(std::string(end_token));
  name_special(source);
  return source;
}

Result<TokenizerSource> read_tokenizer_files(const std::filesystem::path& folder) {
  const auto is_there = [&](const char* name) {
    std::error_code ignored;
    return std::filesystem::exists(folder / name, ignored);
  };
  const auto text = [&](const char* name) { return io::read_text(folder / name, max_file_bytes); };
  if (is_there("vocab.json"))
    return parse_vocab_and_merges(TRY(text("vocab.json")), TRY(text("merges.txt")), folder.string());
  const std::string openai = "bpe_simple_vocab_16e6.txt", packed = openai + ".gz";
  if (is_there(openai.c_str()))
    return parse_openai_merges(TRY(text(openai.c_str())), (folder / openai).string());
  if (is_there(packed.c_str())) {
    const auto bytes = TRY(io::read_file(folder / packed, max_file_bytes));
    const std::string merges = TRY(io::gunzip(bytes, max_file_bytes, (folder / packed).string()));
    return parse_openai_merges(merges, (folder / packed).string());
  }
  return Error(ErrorKind::not_found,
               "no tokenizer in " + folder.string() +
                   ": expected tokenizer.json, vocab.json and merges.txt, or " + packed +
                   " (of OpenAI's CLIP: in its repository under clip/, and in open_clip's package); " +
                   "put one of them there");
}

}  // namespace elanus::clip
