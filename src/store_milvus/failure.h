// What went wrong with a call, and whether it may be sent again.
#pragma once
#include <string>

#include "base/result.h"
#include "store_milvus/milvus.pb.h"

namespace elanus::store_milvus {

namespace pb = ::milvus::proto::milvus;

enum class Verdict {
  again_always,   // the server did nothing, and may do it later
  again_if_safe,  // nobody knows whether it did something
  final,
};

struct Failure {
  Error error;
  Verdict verdict;
};

// Of a call that got no answer: gRPC's status code (https://grpc.io/docs/guides/status-codes) and words.
Failure failure_of(int grpc_code, const std::string& words);

// Of a call that the server refused.
Failure failure_of(const pb::Status& status);

}  // namespace elanus::store_milvus
