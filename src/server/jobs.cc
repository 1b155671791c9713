#include "server/jobs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/path_json.h"

namespace elanus::server {
namespace {

constexpr size_t kMaxWaiting = 16, kMaxKept = 100, kMaxFailures = 100;
constexpr double kBetweenEvents = 100;  // ms

nlohmann::json report_json(const ingest::Report& report) {
  nlohmann::json failures = nlohmann::json::array();
  for (size_t i = 0; i < std::min(report.failures.size(), kMaxFailures); ++i) {
    nlohmann::json failure{{"reason", report.failures[i].reason}};
    io::add_path(failure, report.failures[i].path);
    failures.push_back(std::move(failure));
  }
  return {{"found", report.found},     {"added", report.added},         {"changed", report.changed},
          {"copied", report.copied},   {"moved", report.moved},         {"updated", report.updated},
          {"removed", report.removed}, {"unchanged", report.unchanged}, {"failures", failures},
          {"notices", report.notices}};
}

}  // namespace

struct Jobs::Job {
  int64_t id = 0;
  std::filesystem::path folder;
  const char* state = "waiting";
  bool ended = false;
  ingest::Progress progress;
  Stopwatch since_start, since_event;
  double seconds = 0;
  nlohmann::json report, error;
  std::stop_source stop;
  uint64_t version = 0;  // of what can be seen
  std::vector<std::function<void()>> asleep;

  nlohmann::json to_json() const {
    nlohmann::json json{{"id", id},
                        {"state", state},
                        {"done", progress.done},
                        {"total", progress.total},
                        {"failed", progress.failed},
                        {"seconds", ended ? seconds : since_start.ms() / 1000}};
    json["folder"] = folder.native();
    if (!report.is_null()) json["report"] = report;
    if (!error.is_null()) json["error"] = error;
    return json;
  }
};

// Guarded by the mutex of the jobs, which outlive every stream: the HTTP server is gone before them.
class Jobs::Events final : public EventStream {
 public:
  Events(std::mutex& mutex, std::shared_ptr<Job> job) : mutex_(mutex), job_(std::move(job)) {}

  Piece next(const std::function<void()>& sleep, std::function<void()> wake) override {
    const std::lock_guard lock(mutex_);
    if (seen_ == job_->version && !job_->ended) {
      sleep();
      job_->asleep.push_back(std::move(wake));
      return {};
    }
    seen_ = job_->version;
    return {"event: job\ndata: " + io::to_text(job_->to_json()) + "\n\n", job_->ended};
  }

 private:
  std::mutex& mutex_;
  const std::shared_ptr<Job> job_;
  uint64_t seen_ = 0;
};

Jobs::Jobs(Library& library, const clip::Clip& clip, Metrics& metrics)
    : library_(library), clip_(clip), metrics_(metrics), worker_([this] { work(); }) {}

Jobs::~Jobs() { close(); }

Result<int64_t> Jobs::start(std::filesystem::path folder) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Error(ErrorKind::cancelled, "the server is stopping");
  if (waiting_.size() >= kMaxWaiting)
    return Error(ErrorKind::busy, std::to_string(kMaxWaiting) + " index runs wait already; try again later");
  auto job = std::make_shared<Job>();
  job->id = next_id_++;
  job->folder = std::move(folder);
  job->version = 1;
  jobs_[job->id] = job;
  waiting_.push_back(job);
  for (auto old = jobs_.begin(); jobs_.size() > kMaxKept && old != jobs_.end();)
    old = old->second->ended ? jobs_.erase(old) : std::next(old);
  wake_.notify_one();
  return job->id;
}

Result<nlohmann::json> Jobs::get(int64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto job = jobs_.find(id);
  if (job == jobs_.end()) return Error(ErrorKind::not_found, "there is no job " + std::to_string(id));
  return job->second->to_json();
}

nlohmann::json Jobs::list() const {
  const std::lock_guard lock(mutex_);
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [id, job] : jobs_) list.push_back(job->to_json());
  return list;
}

Result<void> Jobs::stop(int64_t id) {
  const std::lock_guard lock(mutex_);
  const auto job = jobs_.find(id);
  if (job == jobs_.end()) return Error(ErrorKind::not_found, "there is no job " + std::to_string(id));
  job->second->stop.request_stop();
  return {};
}

Result<std::shared_ptr<EventStream>> Jobs::events(int64_t id) {
  const std::lock_guard lock(mutex_);
  const auto job = jobs_.find(id);
  if (job == jobs_.end()) return Error(ErrorKind::not_found, "there is no job " + std::to_string(id));
  return std::shared_ptr<EventStream>(std::make_shared<Events>(mutex_, job->second));
}

void Jobs::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (auto& [id, job] : jobs_) job->stop.request_stop();
    wake_.notify_one();
  }
  if (worker_.joinable()) worker_.join();
}

// With the mutex held.
void Jobs::changed(Job& job) {
  ++job.version;
  job.since_event = {};
  for (const auto& wake : std::exchange(job.asleep, {})) wake();
}

void Jobs::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto job = waiting_.front();
    waiting_.pop_front();
    job->since_start = {};
    if (!job->stop.stop_requested()) {
      job->state = "running";
      changed(*job);
      lock.unlock();
      run(*job);
      lock.lock();
    } else {
      job->state = "stopped";
    }
    job->seconds = job->since_start.ms() / 1000;
    job->ended = true;
    changed(*job);
  }
}

void Jobs::run(Job& job) {
  ingest::Options options;
  options.roots = {job.folder};
  options.stop = job.stop.get_token();
  options.progress = [&](const ingest::Progress& progress) {
    const std::lock_guard lock(mutex_);
    job.progress = progress;
    if (job.since_event.ms() >= kBetweenEvents) changed(job);
  };
  const auto report = library_.write(
      [&](store::Collection& collection) { return ingest::ingest(collection, clip_, options); });
  metrics_.count("index_runs");
  const std::lock_guard lock(mutex_);
  if (!report.ok()) {
    job.state = "failed";
    job.error = report.error().message();
    return;
  }
  job.state = report->stopped ? "stopped" : "done";
  job.report = report_json(*report);
}

}  // namespace elanus::server
