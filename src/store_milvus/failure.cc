#include "store_milvus/failure.h"

#include <grpcpp/support/status_code_enum.h>

#include "store_milvus/protocol.h"

namespace elanus::store_milvus {

Failure failure_of(int grpc_code, const std::string& words) {
  switch (grpc_code) {
    case grpc::StatusCode::UNAVAILABLE:
      return {{ErrorKind::busy, "no connection: " + words}, Verdict::again_if_safe};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {{ErrorKind::busy, "no answer in time"}, Verdict::again_if_safe};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return {{ErrorKind::too_large, words}, Verdict::final};
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return {{ErrorKind::permission, "the server does not let us in: " + words}, Verdict::final};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {{ErrorKind::unsupported, "the server does not know this call: " + words}, Verdict::final};
    case grpc::StatusCode::CANCELLED:
      return {{ErrorKind::cancelled, "stopped"}, Verdict::final};
    default:
      return {{ErrorKind::io, words}, Verdict::final};
  }
}

Failure failure_of(const pb::Status& status) {
  const auto kind = [&] {
    switch (status.code()) {
      case kRateLimit:
        return ErrorKind::busy;
      case kCollectionNotFound:
      case kDatabaseNotFound:
      case kIndexNotFound:
        return ErrorKind::not_found;
      case kParameterInvalid:
        return ErrorKind::invalid_argument;
      case kNotAuthenticated:
      case kNotPermitted:
        return ErrorKind::permission;
      default:
        break;
    }
    switch (status.error_code()) {
      case kOldRateLimit:
        return ErrorKind::busy;
      case kOldCollectionNotExists:
      case kOldIndexNotExist:
        return ErrorKind::not_found;
      case kOldPermissionDenied:
        return ErrorKind::permission;
      case kOldIllegalArgument:
        return ErrorKind::invalid_argument;
      default:
        return ErrorKind::io;
    }
  }();
  const bool again = kind == ErrorKind::busy || status.retriable();
  return {{kind,
           status.reason().empty() ? "refused with code " + std::to_string(status.code()) : status.reason()},
          again ? Verdict::again_always : Verdict::final};
}

}  // namespace elanus::store_milvus
