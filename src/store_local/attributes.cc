#include "store_local/attributes.h"

namespace elanus::store_local {
namespace {

std::array<int64_t, kNumberColumns> numbers_of(const store::Picture& picture) {
  return {picture.size, picture.mtime_ns, picture.captured_s, picture.width, picture.height};
}

std::array<std::string, kTextColumns> texts_of(const store::Picture& picture) {
  return {picture.label, picture.camera, store::picture_type(picture.path)};
}

}  // namespace

void OwnedAttributes::clear() {
  for (auto& numbers : numbers_) numbers.clear();
  for (Texts& texts : texts_) texts = {{}, {0}, {}, {}};
}

void OwnedAttributes::add(const store::Picture& picture) {
  const auto numbers = numbers_of(picture);
  for (size_t i = 0; i < kNumberColumns; ++i) numbers_[i].push_back(numbers[i]);
  const auto texts = texts_of(picture);
  for (size_t i = 0; i < kTextColumns; ++i) {
    Texts& column = texts_[i];
    const auto [at, fresh] =
        column.known.try_emplace(texts[i], static_cast<uint32_t>(column.begin.size() - 1));
    if (fresh) {
      column.bytes.insert(column.bytes.end(), texts[i].begin(), texts[i].end());
      column.begin.push_back(column.bytes.size());
    }
    column.word.push_back(at->second);
  }
}

AttributeColumns OwnedAttributes::view() const {
  AttributeColumns columns;
  for (size_t i = 0; i < kNumberColumns; ++i) columns.numbers[i] = numbers_[i];
  for (size_t i = 0; i < kTextColumns; ++i)
    columns.texts[i] = {texts_[i].word, texts_[i].begin, texts_[i].bytes};
  return columns;
}

bool filters_see_the_same(const store::Picture& a, const store::Picture& b) {
  return numbers_of(a) == numbers_of(b) && texts_of(a) == texts_of(b);
}

}  // namespace elanus::store_local
