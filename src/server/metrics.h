// What the server counts and times, for Prometheus.
#pragma once
#include <chrono>
#include <memory>
#include <string>

namespace elanus::server {

// Milliseconds since it was made.
class Stopwatch {
 public:
  double ms() const { return std::chrono::duration<double, std::milli>(Clock::now() - begin_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

// Thread-safety: any method, any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // One answered request. `route` is a pattern ("/v1/images/{id}"), never what the client wrote: few values.
  void answered(const std::string& route, int status, double ms);
  // One run of a stage: embed_text, embed_picture, search, thumbnail, ...
  void stage(const std::string& stage, double ms);
  // One more of something: query_cache_hit, query_cache_miss, thumbnail_made, ...
  void count(const std::string& event, double n = 1);
  // What something is now: connections, queued, pictures, ...
  void set(const std::string& name, double value);

  // All of it in the text format of Prometheus 0.0.4.
  std::string text() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace elanus::server
