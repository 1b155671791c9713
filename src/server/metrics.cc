#include "server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace elanus::server {
namespace {

// Seconds, from a cached query to a large upload.
const prometheus::Histogram::BucketBoundaries kSeconds = {.0001, .00025, .0005, .001, .0025, .005, .01, .025,
                                                          .05,   .1,     .25,   .5,   1,     2.5,  5,   10};

}  // namespace

struct Metrics::Parts {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("elanus_http_requests_total")
                                                          .Help("Answered requests")
                                                          .Register(registry);
  prometheus::Family<prometheus::Histogram>& request_seconds = prometheus::BuildHistogram()
                                                                   .Name("elanus_http_request_seconds")
                                                                   .Help("Time to answer a request")
                                                                   .Register(registry);
  prometheus::Family<prometheus::Histogram>& stage_seconds = prometheus::BuildHistogram()
                                                                 .Name("elanus_stage_seconds")
                                                                 .Help("Time of one stage of the work")
                                                                 .Register(registry);
  prometheus::Family<prometheus::Counter>& events =
      prometheus::BuildCounter().Name("elanus_events_total").Help("Things that happened").Register(registry);
  prometheus::Family<prometheus::Gauge>& now =
      prometheus::BuildGauge().Name("elanus_now").Help("How many there are now").Register(registry);
};

Metrics::Metrics() : parts_(std::make_unique<Parts>()) {}
Metrics::~Metrics() = default;

void Metrics::answered(const std::string& route, int status, double ms) {
  parts_->requests.Add({{"route", route}, {"status", std::to_string(status)}}).Increment();
  parts_->request_seconds.Add({{"route", route}}, kSeconds).Observe(ms / 1000);
}

void Metrics::stage(const std::string& stage, double ms) {
  parts_->stage_seconds.Add({{"stage", stage}}, kSeconds).Observe(ms / 1000);
}

void Metrics::count(const std::string& event, double n) {
  parts_->events.Add({{"event", event}}).Increment(n);
}

void Metrics::set(const std::string& name, double value) { parts_->now.Add({{"what", name}}).Set(value); }

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(parts_->registry.Collect());
}

}  // namespace elanus::server
