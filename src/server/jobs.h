// Index runs that are asked for over HTTP: one at a time, the others wait in order.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <stop_token>
#include <thread>

#include "base/result.h"
#include "clip/clip.h"
#include "ingest/ingest.h"
#include "server/http.h"
#include "server/library.h"
#include "server/metrics.h"

namespace elanus::server {

// Thread-safety: any method, any thread.
class Jobs {
 public:
  Jobs(Library& library, const clip::Clip& clip, Metrics& metrics);
  ~Jobs();

  // The new job's id. too_large when too many wait.
  Result<int64_t> start(std::filesystem::path folder);
  // A picture of the job as JSON: id, folder, state ("waiting", "running", "done", "failed", "stopped"),
  // done, total, failed, seconds, and at the end the report or the error.
  Result<nlohmann::json> get(int64_t id) const;
  nlohmann::json list() const;
  // Ends it after the batch at hand. not_found.
  Result<void> stop(int64_t id);
  // The job as server-sent events, one for each change, at most ten a second, until it has ended.
  Result<std::shared_ptr<EventStream>> events(int64_t id);

  // Stops what runs, forgets what waits, ends all streams; jobs are not taken any more. Waits for the batch
  // at hand.
  void close();

 private:
  struct Job;
  class Events;
  void work();
  void run(Job& job);
  void changed(Job& job);

  Library& library_;
  const clip::Clip& clip_;
  Metrics& metrics_;
  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable wake_;
  std::map<int64_t, std::shared_ptr<Job>> jobs_;
  std::deque<std::shared_ptr<Job>> waiting_;
  int64_t next_id_ = 1;
  bool closed_ = false;
  std::thread worker_;
};

}  // namespace elanus::server
