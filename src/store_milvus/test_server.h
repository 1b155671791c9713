// A gRPC server in this process for the faults that no real server can be brought to: certificates,
// credentials, refusals of single rows, silence. Every method answers with an empty message, which says
// "done", unless a handler is set.
#pragma once
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "store_milvus/milvus.pb.h"

namespace elanus::store_milvus {

namespace pb = ::milvus::proto::milvus;

class TestServer final : public grpc::CallbackGenericService {
 public:
  using Headers = std::multimap<grpc::string_ref, grpc::string_ref>;
  // The answer to a request, both as bytes.
  using Handler = std::function<std::string(const std::string& request)>;

  explicit TestServer(
      std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials()) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", std::move(credentials), &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }
  ~TestServer() override { server_->Shutdown(std::chrono::system_clock::now()); }

  int port() const { return port_; }

  // Set these before the first call.
  std::map<std::string, Handler> handlers;
  std::string unknown;  // a method that it does not have
  std::function<grpc::Status(const Headers&)> admit = [](const Headers&) { return grpc::Status::OK; };
  bool silent = false;
  std::atomic<int> calls{0};

 private:
  class Reactor final : public grpc::ServerGenericBidiReactor {
   public:
    Reactor(TestServer& server, grpc::GenericCallbackServerContext& context)
        : server_(server), context_(context) {
      StartRead(&request_);
    }
    void OnReadDone(bool) override {
      ++server_.calls;
      if (server_.silent) return;
      if (const grpc::Status status = server_.admit(context_.client_metadata()); !status.ok())
        return Finish(status);
      const std::string method = context_.method().substr(context_.method().rfind('/') + 1);
      if (method == server_.unknown) return Finish({grpc::StatusCode::UNIMPLEMENTED, ""});
      std::string bytes;
      if (const auto handler = server_.handlers.find(method); handler != server_.handlers.end()) {
        std::vector<grpc::Slice> slices;
        std::string request;
        static_cast<void>(request_.Dump(&slices));
        for (const auto& slice : slices)
          request.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
        bytes = handler->second(request);
      }
      const grpc::Slice slice(bytes);
      reply_ = grpc::ByteBuffer(&slice, 1);
      StartWriteAndFinish(&reply_, {}, grpc::Status::OK);
    }
    void OnCancel() override {
      if (server_.silent) Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

   private:
    TestServer& server_;
    grpc::GenericCallbackServerContext& context_;
    grpc::ByteBuffer request_, reply_;
  };

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new Reactor(*this, *context);
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace elanus::store_milvus
