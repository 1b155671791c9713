#include "store_milvus/connection.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>

#include "store_milvus/failure.h"

namespace elanus::store_milvus {

using google::protobuf::MessageLite;
using Clock = std::chrono::steady_clock;

// Messages go over the base class of all of them, so that one body serves every method and no generated stub
// is needed.
struct Connection::Channel {
  explicit Channel(std::shared_ptr<grpc::Channel> channel) : stub(std::move(channel)) {}
  grpc::TemplatedGenericStub<MessageLite, MessageLite> stub;
};

namespace {

Result<std::shared_ptr<grpc::ChannelCredentials>> credentials(const Place& place) {
  if (!place.tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  if (!place.ca_file.empty()) {
    std::ifstream file(place.ca_file);
    std::ostringstream text;
    if (!file.is_open() || !(text << file.rdbuf()))
      return Error(ErrorKind::not_found, "cannot read the certificates in " + place.ca_file);
    options.pem_root_certs = text.str();
  }
  return grpc::SslCredentials(options);
}

grpc::ChannelArguments arguments(const Place& place) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  // The retries are ours: they know what is safe to send twice.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  if (!place.server_name.empty()) arguments.SetSslTargetNameOverride(place.server_name);
  return arguments;
}

// Ends a running call when the caller asks to stop, and can be outlived by neither.
class Cancel {
 public:
  Cancel(const std::stop_token& stop, grpc::ClientContext& context)
      : callback_(stop, [&context] { context.TryCancel(); }) {}

 private:
  std::stop_callback<std::function<void()>> callback_;
};

}  // namespace

Connection::Connection(const Place& place, const Patience& patience, std::stop_token stop)
    : shown_(place.shown()),
      authorization_(place.authorization()),
      database_(place.database),
      patience_(patience),
      stop_(std::move(stop)) {}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const Place& place, const Patience& patience,
                                                     std::stop_token stop) {
  const auto secure = TRY(credentials(place));
  std::unique_ptr<Connection> connection(new Connection(place, patience, std::move(stop)));
  const std::string target = "dns:///" + place.host + ":" + std::to_string(place.port);
  connection->channel_ =
      std::make_unique<Channel>(grpc::CreateCustomChannel(target, secure, arguments(place)));
  TRY(connection->hello());
  return connection;
}

Result<void> Connection::hello() {
  pb::ConnectRequest request;
  request.mutable_client_info()->set_sdk_type("elanus");
  auto connected = call<pb::ConnectResponse>("Connect", request);
  if (connected.ok() && connected->identifier() != 0) identifier_ = std::to_string(connected->identifier());
  if (!connected.ok() && connected.error().kind() != ErrorKind::unsupported)
    return std::move(connected).error();
  // The C++ core of Milvus Lite 2 does not tell its version.
  auto version = call<pb::GetVersionResponse>("GetVersion", pb::GetVersionRequest());
  if (!version.ok() && version.error().kind() != ErrorKind::unsupported) return std::move(version).error();
  version_ = version.ok() ? version->version() : "unknown";
  return {};
}

Result<void> Connection::wait(std::chrono::milliseconds time) const {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop_, time, [] { return false; });
  if (stop_.stop_requested()) return Error(ErrorKind::cancelled, "stopped");
  return {};
}

std::optional<Failure> Connection::attempt(const std::string& path, const MessageLite& request,
                                           MessageLite& reply, Refusal* refusal, StatusOf status_of,
                                           std::chrono::milliseconds time) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + time);
  if (!authorization_.empty()) context.AddMetadata("authorization", authorization_);
  if (!database_.empty()) context.AddMetadata("dbname", database_);
  if (!identifier_.empty()) context.AddMetadata("identifier", identifier_);
  grpc::Status status;
  {
    grpc::CompletionQueue queue;
    const auto running = channel_->stub.PrepareUnaryCall(&context, path, request, &queue);
    running->StartCall();
    const Cancel cancel(stop_, context);
    running->Finish(&reply, &status, nullptr);
    void* tag = nullptr;
    bool done = false;
    queue.Next(&tag, &done);
  }
  if (!status.ok()) return failure_of(static_cast<int>(status.error_code()), status.error_message());
  answered_ = true;
  const pb::Status& said = status_of(reply);
  if (said.code() == 0 && said.error_code() == 0) return std::nullopt;
  if (refusal) *refusal = {said.code(), said.error_code()};
  return failure_of(said);
}

Result<void> Connection::exchange(const char* method, const MessageLite& request, MessageLite& reply,
                                  Repeat repeat, Refusal* refusal, StatusOf status_of) const {
  const std::string path = std::string("/milvus.proto.milvus.MilvusService/") + method;
  const auto until = Clock::now() + (answered_ ? patience_.restart : patience_.contact);
  Backoff backoff(static_cast<uint64_t>(Clock::now().time_since_epoch().count()) ^
                  reinterpret_cast<uintptr_t>(&reply));
  std::optional<Failure> first;
  while (true) {
    if (stop_.stop_requested()) return Error(ErrorKind::cancelled, "stopped");
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    const auto time = std::min(patience_.call, std::max(left, std::chrono::milliseconds(1)));
    auto failure = attempt(path, request, reply, refusal, status_of, time);
    if (!failure) return {};
    if (stop_.stop_requested()) return Error(ErrorKind::cancelled, "stopped");
    const bool again = failure->verdict == Verdict::again_always ||
                       (failure->verdict == Verdict::again_if_safe && repeat == Repeat::safe);
    const auto pause = backoff.next();
    const bool enough = Clock::now() + pause >= until;
    // The first of several failures says best what is wrong.
    if (!first || !again) first = std::move(failure);
    if (!again || enough) return std::move(first->error).within(shown_ + ", " + method);
    TRY(wait(pause));
    ++repeats_;
  }
}

}  // namespace elanus::store_milvus
