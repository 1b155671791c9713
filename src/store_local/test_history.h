// A history of writes that is the same in every process, and a std::map that says what must be there after
// it.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "store_local/local_collection.h"
#include "store_local/writer.h"

namespace elanus::store_local {

// Id to the step that wrote it.
using Content = std::map<int64_t, int64_t>;

class WriteHistory {
 public:
  WriteHistory(uint32_t dim, int batch) : dim_(dim), batch_(batch) {}

  store::Schema schema() const { return {dim_, store::Metric::cosine, {}}; }

  // The vector that the record `id` has after step `step` wrote it.
  std::vector<float> vector_of(int64_t id, int64_t step) const {
    std::mt19937_64 random(static_cast<uint64_t>(id * 1'000'003 + step));
    std::vector<float> vector(dim_);
    for (int i = 0; i < 16; ++i) vector[random() % dim_] = static_cast<float>(random() % 2001) - 1000.5f;
    return vector;
  }

  // Step `number` is one call: every third erases records of the step before it, the others write `batch`
  // records, half of them again and again the same ids.
  Result<void> take_step(store::Collection& collection, int64_t number) const {
    if (number % 3 == 2) {
      TRY(collection.erase(erased_by(number)));
      return {};
    }
    std::vector<std::vector<float>> vectors;
    std::vector<store::Item> items;
    for (const int64_t id : written_by(number)) {
      vectors.push_back(vector_of(id, number));
      items.push_back({id, {}, picture_of(id, number)});
    }
    for (size_t i = 0; i < items.size(); ++i) items[i].vector = vectors[i];
    TRY(collection.upsert(items));
    return {};
  }

  void apply(int64_t number, Content& content) const {
    if (number % 3 == 2)
      for (const int64_t id : erased_by(number)) content.erase(id);
    else
      for (const int64_t id : written_by(number)) content[id] = number;
  }

  Content after(int64_t steps) const {
    Content content;
    for (int64_t number = 0; number < steps; ++number) apply(number, content);
    return content;
  }

  static store::Picture picture_of(int64_t id, int64_t step) {
    store::Picture picture;
    picture.path = "p" + std::to_string(id) + (id % 2 == 0 ? ".jpg" : ".png");
    picture.size = 1 + step;
    picture.label = id % 3 == 0 ? "third" : "";
    return picture;
  }

 private:
  std::vector<int64_t> written_by(int64_t number) const {
    std::vector<int64_t> ids;
    for (int i = 0; i < batch_ / 2; ++i) ids.push_back(i);
    for (int i = 0; i < batch_ / 2; ++i) ids.push_back(1000 + number * batch_ + i);
    return ids;
  }
  std::vector<int64_t> erased_by(int64_t number) const {
    std::vector<int64_t> ids;
    for (int i = 0; i < batch_ / 5; ++i) ids.push_back(1000 + (number - 1) * batch_ + i * 2);
    return ids;
  }

  uint32_t dim_;
  int batch_;
};

inline Content content_of(const LocalCollection& collection) {
  Content content;
  const auto read = collection.for_each([&](const store::Record& record) {
    content[record.id] = record.picture.size - 1;
    return true;
  });
  EXPECT_TRUE(read.ok()) << read.error().message();
  return content;
}

// The vectors and the mapped copy agree with the records: each is found by its own vector and not by one that
// it had before, also through a filter. Looks at one in `every`.
inline void expect_searchable(const LocalCollection& collection, const WriteHistory& history,
                              const Content& content, int every) {
  ASSERT_EQ(collection.count().value(), content.size());
  int n = 0;
  for (const auto& [id, step] : content) {
    if (++n % every != 0) continue;
    const store::Filter type{
        store::TextIs{store::TextField::type, store::TextMatch::equal, id % 2 == 0 ? "jpg" : "png"}};
    for (const store::Filter& filter : {store::Filter{}, type}) {
      const auto hits = collection.search(history.vector_of(id, step), {1, filter});
      ASSERT_TRUE(hits.ok()) << hits.error().message();
      ASSERT_EQ(hits->size(), 1u);
      EXPECT_EQ(hits->at(0).id, id);
      EXPECT_GT(hits->at(0).cosine, 0.999f);
    }
    if (step >= 3 && id < 1000) {
      EXPECT_LT(collection.search(history.vector_of(id, step - 3), {1}).value().at(0).cosine, 0.999f);
    }
  }
}

}  // namespace elanus::store_local
