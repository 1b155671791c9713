// One channel to a Milvus server: unary calls with a deadline, repeated where that is safe, that can be
// cancelled. The only file beside its source that knows of gRPC, and it shows nothing of it.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>

#include "base/result.h"
#include "store_milvus/failure.h"
#include "store_milvus/milvus.pb.h"
#include "store_milvus/patience.h"
#include "store_milvus/place.h"

namespace elanus::store_milvus {

// May a call be sent again when nobody knows whether the first one arrived?
enum class Repeat {
  safe,    // reading, and writing by our own ids: twice is as once
  unsafe,  // only when the server said that it did nothing
};

// What the server refused, for the few places that act on it.
struct Refusal {
  int32_t code = 0;      // Status.code; 0 when an older server set only the other
  int32_t old_code = 0;  // Status.error_code
};

// Thread-safety: any number of calls at once. Calls on one Connection share its channel, which connects again
// by itself.
class Connection {
 public:
  // Connects and says hello. io: nobody there within Patience::contact, or the handshake failed; permission:
  // not let in; not_found: the CA file. `stop` ends waiting and running calls with `cancelled`.
  static Result<std::unique_ptr<Connection>> open(const Place& place, const Patience& patience,
                                                  std::stop_token stop);
  ~Connection();

  // One call. Errors: cancelled; io (no answer in time, in words); permission; busy (the server is overloaded
  // and stayed so); else what Status says. `refusal`, if given, is filled when the server itself refused.
  template <class Reply>
  Result<Reply> call(const char* method, const google::protobuf::MessageLite& request,
                     Repeat repeat = Repeat::safe, Refusal* refusal = nullptr) const {
    Reply reply;
    TRY(exchange(method, request, reply, repeat, refusal,
                 [](const google::protobuf::MessageLite& message) -> const pb::Status& {
                   if constexpr (std::is_same_v<Reply, pb::Status>)
                     return static_cast<const pb::Status&>(message);
                   else
                     return static_cast<const Reply&>(message).status();
                 }));
    return reply;
  }

  // Waits, or gives cancelled.
  Result<void> wait(std::chrono::milliseconds time) const;

  const std::string& server_version() const { return version_; }
  const Patience& patience() const { return patience_; }
  // How often a call was sent again, since the beginning.
  uint64_t repeats() const { return repeats_; }

 private:
  using StatusOf = const pb::Status& (*)(const google::protobuf::MessageLite&);
  struct Channel;

  Connection(const Place& place, const Patience& patience, std::stop_token stop);
  Result<void> hello();
  // One attempt: nothing when it was answered.
  std::optional<Failure> attempt(const std::string& path, const google::protobuf::MessageLite& request,
                                 google::protobuf::MessageLite& reply, Refusal* refusal, StatusOf status,
                                 std::chrono::milliseconds time) const;
  Result<void> exchange(const char* method, const google::protobuf::MessageLite& request,
                        google::protobuf::MessageLite& reply, Repeat repeat, Refusal* refusal,
                        StatusOf status) const;

  const std::string shown_, authorization_, database_;
  const Patience patience_;
  const std::stop_token stop_;
  std::string version_, identifier_;
  mutable std::atomic<bool> answered_{false};
  mutable std::atomic<uint64_t> repeats_{0};
  std::unique_ptr<Channel> channel_;
};

}  // namespace elanus::store_milvus
