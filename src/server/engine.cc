#include "server/engine.h"

#include <cmath>

#include "io/file.h"
#include "search/search.h"

namespace elanus::server {
namespace {

constexpr size_t kTextsPerRun = 32;

bool is_empty(const std::string& words) { return words.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

Engine::Engine(const clip::Clip& clip, DecodeGate& gate, Metrics& metrics)
    : clip_(clip),
      gate_(gate),
      metrics_(metrics),
      batcher_(
          [this](std::span<const std::string> texts) {
            const Stopwatch watch;
            auto embedded = clip_.embed_texts(texts);
            metrics_.stage("embed_text", watch.ms());
            metrics_.count("texts_embedded", static_cast<double>(texts.size()));
            return embedded;
          },
          kTextsPerRun) {}

Result<Engine::Vector> Engine::words(const std::string& words) {
  if (is_empty(words)) return Error(ErrorKind::invalid_argument, "the query has no words");
  if (auto known = words_.find(words)) {
    metrics_.count("query_cache_hit");
    return *known;
  }
  return TRY(embed({&words, 1})).front();
}

void Engine::prepare(std::span<const std::string> words) {
  std::vector<std::string> unknown;
  for (const std::string& one : words)
    if (!is_empty(one) && !words_.find(one)) unknown.push_back(one);
  static_cast<void>(embed(unknown));
}

Result<std::vector<Engine::Vector>> Engine::embed(std::span<const std::string> words) {
  metrics_.count("query_cache_miss", static_cast<double>(words.size()));
  auto embedded = TRY(batcher_.embed(words));
  std::vector<Vector> vectors;
  for (size_t i = 0; i < words.size(); ++i) {
    vectors.push_back(std::make_shared<const QueryVector>(
        QueryVector{std::move(embedded[i].vector), embedded[i].truncated}));
    words_.put(words[i], vectors.back());
  }
  return vectors;
}

Result<Engine::Picture> Engine::picture(std::string_view bytes) {
  const auto raw = std::as_bytes(std::span(bytes));
  std::string name = io::content_hash(raw);
  if (auto known = pictures_.find(name)) return Picture{std::move(name), *known};
  const Stopwatch watch;
  auto values = TRY(base::within("the picture", gate_.run([&](uint64_t max_pixels) {
    return search::embed_picture(clip_, raw, false, max_pixels);
  })));
  metrics_.stage("embed_picture", watch.ms());
  auto vector = std::make_shared<const QueryVector>(QueryVector{std::move(values), false});
  pictures_.put(name, vector);
  return Picture{std::move(name), vector};
}

Result<Engine::Vector> Engine::picture_by_name(const std::string& name) {
  if (auto known = pictures_.find(name)) return *known;
  return Error(ErrorKind::not_found, "the picture '" + name + "' is not known here any more; send it again");
}

Result<std::vector<float>> together(std::span<const std::vector<float>> vectors,
                                    std::span<const float> weights) {
  std::vector<float> sum(vectors.empty() ? 0 : vectors[0].size());
  for (size_t v = 0; v < vectors.size(); ++v)
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += weights[v] * vectors[v][i];
  double square = 0;
  for (const float value : sum) square += static_cast<double>(value) * value;
  if (square < 1e-12) return Error(ErrorKind::invalid_argument, "the parts of the query cancel out");
  const auto scale = static_cast<float>(1 / std::sqrt(square));
  for (float& value : sum) value *= scale;
  return sum;
}

}  // namespace elanus::server
