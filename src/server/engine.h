// From words and pictures to query vectors, with what was asked lately kept.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "clip/clip.h"
#include "server/decode_gate.h"
#include "server/metrics.h"
#include "server/recent.h"
#include "server/text_batcher.h"

namespace elanus::server {

struct QueryVector {
  std::vector<float> values;  // length 1
  bool truncated = false;     // the words did not all fit into the model
};

// Thread-safety: any method, any thread.
class Engine {
 public:
  using Vector = std::shared_ptr<const QueryVector>;
  Engine(const clip::Clip& clip, DecodeGate& gate, Metrics& metrics);

  const clip::Clip& clip() const { return clip_; }

  Result<Vector> words(const std::string& words);
  // Puts these where words() finds them, in as few runs of the model as possible. What cannot be embedded is
  // left to words() to say.
  void prepare(std::span<const std::string> words);

  struct Picture {
    std::string name;  // by which picture() finds the vector for a while
    Vector vector;
  };
  // An encoded picture: decoded, embedded, and kept under a hash of its bytes.
  Result<Picture> picture(std::string_view bytes);
  // not_found once it was pushed out by others, or by a restart.
  Result<Vector> picture_by_name(const std::string& name);

 private:
  Result<std::vector<Vector>> embed(std::span<const std::string> words);

  const clip::Clip& clip_;
  DecodeGate& gate_;
  Metrics& metrics_;
  TextBatcher batcher_;
  Recent<Vector> words_{8192}, pictures_{1024};
};

// The sum of unit vectors, at length 1. invalid_argument when they cancel out.
Result<std::vector<float>> together(std::span<const std::vector<float>> vectors,
                                    std::span<const float> weights);

}  // namespace elanus::server
