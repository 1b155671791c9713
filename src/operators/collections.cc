#include "operators/collections.h"

namespace elanus::operators {
namespace {

std::vector<store::Item> items_of(std::span<const Embedding> vectors) {
  std::vector<store::Item> items(vectors.size());
  for (size_t i = 0; i < items.size(); ++i) items[i].vector = vectors[i];
  return items;
}

}  // namespace

Insert::Answers Insert::operator()(std::span<const int64_t> ids, std::span<const Embedding> vectors) {
  std::vector<std::string> names;
  for (const int64_t id : ids) names.push_back("#" + std::to_string(id));
  return (*this)(ids, vectors, names);
}

Insert::Answers Insert::operator()(std::span<const int64_t> ids, std::span<const Embedding> vectors,
                                   std::span<const std::string> paths) {
  auto items = items_of(vectors);
  for (size_t i = 0; i < items.size(); ++i) {
    items[i].id = ids[i];
    items[i].picture.path = paths[i];
  }
  return write(items);
}

Insert::Answers Insert::operator()(std::span<const int64_t> ids, std::span<const Embedding> vectors,
                                   std::span<const store::Picture> pictures) {
  auto items = items_of(vectors);
  for (size_t i = 0; i < items.size(); ++i) {
    items[i].id = ids[i];
    items[i].picture = pictures[i];
  }
  return write(items);
}

Insert::Answers Insert::operator()(std::span<const std::string> paths, std::span<const Embedding> vectors) {
  auto items = items_of(vectors);
  for (size_t i = 0; i < items.size(); ++i) items[i].picture.path = paths[i];
  return write(items);
}

Insert::Answers Insert::write(std::span<const store::Item> items) {
  Answers answers(items.size());
  const auto whole = collection_.upsert(items);
  if (whole.ok()) return answers;
  const bool somebodys_fault = items.size() > 1 && whole.error().kind() == ErrorKind::invalid_argument;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!somebodys_fault) {
      answers[i] = whole.error();
    } else if (auto one = collection_.upsert(items.subspan(i, 1)); !one.ok()) {
      answers[i] = std::move(one).error();
    }
  }
  return answers;
}

}  // namespace elanus::operators
