// Vectors that lie as CLIP's do, for tests and benchmarks of search where no real ones are at hand.
//
// Pictures: 2,000 topics, some far more frequent than others, each with a centre and its own 12 directions in
// a latent space of 128 dimensions whose variances fall off by a power law; one in seven is one of a burst of
// near-duplicates; noise that only pictures have; and one large mean that all share. Texts name a third of
// what a picture shows, reach the vector space by a map that is partly turned away from the pictures' own,
// have variance of their own in directions that pictures lack, and another mean (the modality gap, Liang et
// al., NeurIPS 2022). Resulting for 512 dimensions, beside three sets of real ViT-B/32 vectors: mean cosine
// of two pictures 0.51 (real 0.52-0.63), of two texts 0.63 (0.50), of text and picture 0.20 (0.14-0.18),
// distance of the means 0.86 (0.83-0.90).
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "index/rotation.h"

namespace elanus::testing_support {

class ClipLike {
 public:
  explicit ClipLike(uint32_t dim = 512)  // from 384 on
      : dim_(dim), shared_(dim, random_), other_(dim, random_), noise_(dim, random_) {
    spectrum_ = power_law(kLatent, 4, -0.55);
    noise_spectrum_ = power_law(dim, 12, -0.45);
    text_spectrum_ = power_law(2 * kLatent, 6, -0.6);
    for (float& value : centres_ = normals(size_t{kTopics} * kLatent)) value *= 0.72f;
    for (size_t i = 0; i < centres_.size(); ++i) centres_[i] *= spectrum_[i % kLatent];
    for (uint32_t t = 0; t < kTopics; ++t) add_directions();
    for (uint32_t t = 0; t < kTopics; ++t)
      up_to_.push_back((t == 0 ? 0 : up_to_.back()) + static_cast<float>(std::pow(t + 20.0, -0.9)));
    for (Burst& burst : bursts_) burst = {topic_of(random_), normals(kLocal)};
    picture_mean_ = outlying({92, 133, 257}, {14, -9, 6});
    text_mean_ = outlying({133, 92, 130}, {16, 5, -5});
    const float both = dot(picture_mean_, text_mean_);
    for (uint32_t d = 0; d < dim; ++d) text_mean_[d] -= both * picture_mean_[d];
    normalize(text_mean_);
    for (uint32_t d = 0; d < dim; ++d)
      text_mean_[d] = 0.74f * (0.36f * picture_mean_[d] + std::sqrt(1 - 0.36f * 0.36f) * text_mean_[d]);
    for (float& value : picture_mean_) value *= 0.71f;
  }

  // Unit vectors, dim() values each. The same for the same number, whatever was asked for before: the
  // pictures of a small collection are the first of a large one.
  void picture(uint64_t number, std::span<float> out) const {
    std::mt19937_64 random(number * 0x9e3779b97f4a7c15u + 7);
    std::uniform_real_distribution<float> uniform;
    const bool in_burst = uniform(random) < 0.15f;
    const Burst& burst = bursts_[random() % kBursts];
    const uint32_t topic = in_burst ? burst.topic : topic_of(random);
    auto where = normals(kLocal, random);
    if (in_burst)
      for (uint32_t l = 0; l < kLocal; ++l) where[l] = burst.where[l] + 0.12f * where[l];
    auto latent = meaning(topic, where, in_burst ? 0.10f : 0.34f, random);
    const auto straight = latent;
    for (uint32_t s = 0; s < kLatent; ++s)
      latent[s] += 0.25f * std::tanh(3 * straight[kLatent - 1 - s]) * std::fabs(straight[s]);
    std::vector<float> own = normals(dim_, random), x(dim_);
    for (uint32_t d = 0; d < dim_; ++d) own[d] *= noise_spectrum_[d] * (in_burst ? 0.45f : 1.0f) * 0.40f;
    for (uint32_t s = 0; s < kLatent; ++s) x[s] = 0.60f * latent[s];
    finish(picture_mean_, {shared_.apply(x), noise_.apply(own)}, out);
  }

  void text(uint64_t number, std::span<float> out) const {
    std::mt19937_64 random(number * 0x9e3779b97f4a7c15u + 202);
    std::uniform_real_distribution<float> uniform;
    const uint32_t topic = topic_of(random);
    auto where = normals(kLocal, random);
    for (float& value : where)
      if (uniform(random) >= 0.35f) value = 0;
    const auto latent = meaning(topic, where, 0.25f, random);
    const auto own = normals(2 * kLatent, random);
    std::vector<float> x(dim_), elsewhere(dim_);
    for (uint32_t s = 0; s < kLatent; ++s) {
      x[s] = 0.45f * 0.80f * latent[s];
      x[kLatent + s] = 0.45f * 0.60f * latent[s] + 0.42f * text_spectrum_[s] * own[s];
      elsewhere[s] = 0.42f * text_spectrum_[kLatent + s] * own[kLatent + s];
    }
    finish(text_mean_, {shared_.apply(x), other_.apply(elsewhere)}, out);
  }

  uint32_t dim() const { return dim_; }

 private:
  static constexpr uint32_t kTopics = 2000, kLatent = 128, kLocal = 12, kBursts = 16667;

  // A random orthogonal map: another one than the rotation that codes are made with.
  class Map {
   public:
    Map(uint32_t dim, std::mt19937_64& random) : rotation_(dim), order_(dim), signs_(dim) {
      std::iota(order_.begin(), order_.end(), 0u);
      std::shuffle(order_.begin(), order_.end(), random);
      for (float& sign : signs_) sign = random() % 2 == 0 ? 1.0f : -1.0f;
    }
    std::vector<float> apply(std::span<const float> x) const {
      std::vector<float> y(x.size());
      for (size_t i = 0; i < x.size(); ++i) y[order_[i]] = x[i] * signs_[i];
      rotation_.apply(y);
      std::vector<float> z(x.size());
      for (size_t i = 0; i < x.size(); ++i) z[i] = y[order_[i]] * signs_[i];
      return z;
    }

   private:
    index::Rotation rotation_;
    std::vector<uint32_t> order_;
    std::vector<float> signs_;
  };
  struct Burst {
    uint32_t topic = 0;
    std::vector<float> where;
  };

  static std::vector<float> normals(size_t n, std::mt19937_64& random) {
    std::normal_distribution<float> normal;
    std::vector<float> values(n);
    for (float& value : values) value = normal(random);
    return values;
  }
  std::vector<float> normals(size_t n) { return normals(n, random_); }

  uint32_t topic_of(std::mt19937_64& random) const {
    std::uniform_real_distribution<float> uniform(0, up_to_.back());
    const auto topic = std::upper_bound(up_to_.begin(), up_to_.end(), uniform(random)) - up_to_.begin();
    return std::min(static_cast<uint32_t>(topic), kTopics - 1);
  }

  static float dot(std::span<const float> a, std::span<const float> b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0f);
  }
  static void normalize(std::span<float> x) {
    const float length = std::sqrt(dot(x, x));
    for (float& value : x) value /= length;
  }

  static std::vector<float> power_law(size_t n, double from, double power) {
    std::vector<float> values(n);
    for (size_t i = 0; i < n; ++i)
      values[i] = static_cast<float>(std::pow(static_cast<double>(i) + from, power));
    normalize(values);
    return values;
  }

  // Twelve orthogonal directions, more of them where the latent space is wide.
  void add_directions() {
    const size_t first = directions_.size();
    const auto lengths = power_law(kLocal, 1, -0.35);
    for (uint32_t l = 0; l < kLocal; ++l) {
      auto direction = normals(kLatent);
      for (uint32_t s = 0; s < kLatent; ++s) direction[s] *= std::sqrt(spectrum_[s]);
      for (uint32_t before = 0; before < l; ++before) {
        const auto other = std::span(directions_).subspan(first + before * kLatent, kLatent);
        const float along = dot(direction, other) / dot(other, other);
        for (uint32_t s = 0; s < kLatent; ++s) direction[s] -= along * other[s];
      }
      normalize(direction);
      for (float& value : direction) value *= 0.62f * lengths[l];
      directions_.insert(directions_.end(), direction.begin(), direction.end());
    }
  }

  // A mean with a few coordinates far out, as CLIP's have.
  std::vector<float> outlying(std::vector<size_t> at, std::vector<float> by) {
    auto mean = normals(dim_);
    for (float& value : mean) value *= 0.5f;
    for (size_t i = 0; i < at.size(); ++i) mean[at[i]] += by[i];
    normalize(mean);
    return mean;
  }

  std::vector<float> meaning(uint32_t topic, std::span<const float> where, float noise,
                             std::mt19937_64& random) const {
    auto latent = normals(kLatent, random);
    for (uint32_t s = 0; s < kLatent; ++s)
      latent[s] = centres_[topic * kLatent + s] + latent[s] * spectrum_[s] * noise;
    for (uint32_t l = 0; l < kLocal; ++l) {
      const float* direction = &directions_[(size_t{topic} * kLocal + l) * kLatent];
      for (uint32_t s = 0; s < kLatent; ++s) latent[s] += direction[s] * where[l];
    }
    return latent;
  }

  static void finish(std::span<const float> mean, std::vector<std::vector<float>> terms,
                     std::span<float> out) {
    std::copy(mean.begin(), mean.end(), out.begin());
    for (const auto& term : terms)
      for (size_t d = 0; d < out.size(); ++d) out[d] += term[d];
    normalize(out);
  }

  uint32_t dim_;
  std::mt19937_64 random_{20240229};
  Map shared_, other_, noise_;
  std::vector<float> spectrum_, noise_spectrum_, text_spectrum_, centres_, directions_, picture_mean_,
      text_mean_;
  std::vector<float> up_to_;  // how frequent the topics are, added up
  std::vector<Burst> bursts_ = std::vector<Burst>(kBursts);
};

}  // namespace elanus::testing_support
