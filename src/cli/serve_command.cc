#include <cctype>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/main.h"
#include "cli/milvus.h"
#include "cli/places.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "io/file.h"
#include "server/server.h"

namespace elanus::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLeastKey = 16, kMostKey = 512;
constexpr std::chrono::seconds kPatience{10};

Result<std::string> read_key(const std::string& file) {
  if (file.empty()) return std::string();
  std::string key = TRY(io::read_text(file, 4096));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  for (const char c : key)
    if (c <= ' ' || c > '~')
      return Error(ErrorKind::invalid_argument, file + ": a key is made of visible ASCII characters");
  if (key.size() < kLeastKey || key.size() > kMostKey)
    return Error(ErrorKind::invalid_argument, file + ": expected a key of 16 to 512 characters, got " +
                                                  std::to_string(key.size()) +
                                                  "; make one with: openssl rand -hex 32");
  return key;
}

// As browsers spell it.
Result<std::string> checked_origin(std::string origin) {
  for (char& c : origin) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const size_t scheme = origin.find("://");
  const std::string_view host =
      std::string_view(origin).substr(scheme == std::string::npos ? origin.size() : scheme + 3);
  if ((!origin.starts_with("https://") && !origin.starts_with("http://")) || host.empty() ||
      host.find_first_of("/ \t\r\n*,") != std::string_view::npos)
    return Error(
        ErrorKind::invalid_argument,
        "--allow-origin: expected https://HOST or https://HOST:PORT, nothing after it, got '" + origin + "'");
  return origin;
}

// Beside a collection that is a folder; for a server's, in a folder of our own that its name leads to.
Result<fs::path> uploads_folder(const std::string& store) {
  if (const auto folder = store_folder(store); folder.ok()) return *folder / "uploads";
  const std::string name = TRY(store_shown(store));
  return data_folder() / "uploads" / io::content_hash(std::as_bytes(std::span(name)));
}

Result<server::Options> options_for(const ServeOptions& options) {
  server::Options serve;
  serve.host = options.host;
  serve.port = options.port;
  serve.access.key = TRY(read_key(options.api_key_file));
  serve.access.hosts = options.allow_hosts;
  serve.access.hosts.push_back(options.host);
  for (const std::string& origin : options.allow_origins)
    serve.access.origins.push_back(TRY(checked_origin(origin)));
  serve.thumbnails = options.thumbnails.empty() ? user_cache_folder() / "elanus" / "thumbnails"
                                                : fs::path(options.thumbnails);
  serve.thumbnail_bytes = static_cast<uint64_t>(options.thumbnail_gib * (1 << 30));
  serve.uploads = TRY(uploads_folder(options.where.store));
  serve.index_roots.assign(options.index_roots.begin(), options.index_roots.end());
  // Who has the key is not the user of this machine, and shall not read it all.
  if (options.index_roots.empty() && serve.access.key.empty()) serve.index_roots = {home_folder()};
  serve.read_only = options.read_only;
  serve.version = ELANUS_VERSION;
  serve.log = say;
  return serve;
}

struct Opened {
  std::shared_ptr<store::Collection> reading;
  server::Library::OpenWriter open_writer;
};

// It may begin with nothing and be filled from the page. A file is held for writing only while something is
// written; a Milvus has no such lock, and one connection sees at once what it wrote itself. `stop` ends
// waiting for a server.
Result<Opened> open_both(const ServeOptions& options, const clip::Clip& clip, const std::stop_token& stop) {
  const std::string& uri = options.where.store;
  if (!TRY(store_exists(uri))) TRY(open_or_create_store(uri, clip));
  const bool one_for_both = milvus::is_uri(uri) && !options.read_only;
  const std::shared_ptr<store::Collection> reading = TRY(open_store(uri, one_for_both, stop));
  if (one_for_both) return Opened{reading, [reading] { return reading; }};
  return Opened{reading, [uri, stop]() -> Result<std::shared_ptr<store::Collection>> {
                  return std::shared_ptr<store::Collection>(TRY(open_store(uri, true, stop)));
                }};
}

std::string address(const ServeOptions& options, uint16_t port) {
  const bool six = options.host.find(':') != std::string::npos;
  return "http://" + (six ? "[" + options.host + "]" : options.host) + ":" + std::to_string(port) + "/";
}

void tell(const ServeOptions& options, uint16_t port, uint64_t pictures) {
  const std::string url = address(options, port);
  if (options.json) {
    print_json({{"url", url}, {"port", port}, {"pictures", pictures}});
    std::fflush(stdout);
  } else {
    say("elanus: " + counted(pictures, "picture") + " at " + url + "   (Ctrl-C ends)");
  }
}

void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait(lock, stop, [] { return false; });
}

}  // namespace

int run(const ServeOptions& options) {
  const StopSignal stop("stopping: what has come in is answered");
  const server::Options serve = TRY_OR_FAIL(options_for(options));
  const auto clip = TRY_OR_FAIL(load_model_for_writing(options.where));
  std::stop_source calls;
  const Opened store = TRY_OR_FAIL(open_both(options, *clip, calls.get_token()));
  const uint64_t pictures = TRY_OR_FAIL(store.reading->count());
  const auto server = TRY_OR_FAIL(server::Server::start(*store.reading, store.open_writer, *clip, serve));
  tell(options, server->port(), pictures);
  wait_for(stop.token());
  server->stop(kPatience);
  calls.request_stop();
  return kDone;
}

}  // namespace elanus::cli
