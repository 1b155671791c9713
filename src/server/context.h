// What the handlers share. Inside the room only.
#pragma once
#include <atomic>

#include "server/decode_gate.h"
#include "server/engine.h"
#include "server/jobs.h"
#include "server/library.h"
#include "server/metrics.h"
#include "server/page_document.h"
#include "server/server.h"
#include "server/thumbnails.h"
#include "server/uploads.h"

namespace elanus::server {

struct Context {
  Context(const store::Collection& reading, Library::OpenWriter open_writer, const clip::Clip& clip,
          const Options& o, PageDocument p)
      : options(o),
        page(std::move(p)),
        library(reading, std::move(open_writer)),
        engine(clip, gate, metrics),
        thumbnails(o.thumbnails, o.thumbnail_bytes, gate, metrics),
        uploads(o.uploads),
        jobs(library, clip, metrics),
        guard(o.access) {}

  const Options options;
  const PageDocument page;
  Metrics metrics;
  DecodeGate gate;
  Library library;
  Engine engine;
  Thumbnails thumbnails;
  Uploads uploads;
  Jobs jobs;
  Guard guard;
  std::atomic<const HttpServer*> http{nullptr};

  HttpServer::Load load() const {
    const HttpServer* running = http;
    return running ? running->load() : HttpServer::Load{};
  }
};

}  // namespace elanus::server
