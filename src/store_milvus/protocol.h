// The numbers of Milvus' public interface that milvus.proto leaves as plain integers.
#pragma once
#include <cstdint>

namespace elanus::store_milvus {

enum DataType : int32_t {
  kInt8 = 2,
  kInt16 = 3,
  kInt32 = 4,
  kInt64 = 5,
  kFloat = 10,
  kVarChar = 21,
  kJson = 23,
  kFloatVector = 101
};
enum ConsistencyLevel : int32_t { kStrong = 0, kSession = 1, kBounded = 2, kEventually = 3 };
enum LoadState : int32_t { kNotExist = 0, kNotLoad = 1, kLoading = 2, kLoaded = 3 };
enum IndexState : int32_t { kIndexFailed = 4 };
constexpr int32_t kBoolExpression = 1;  // DslType

// Status.code of servers from 2.3 on, and Status.error_code of older ones.
enum Code : int32_t {
  kRateLimit = 8,
  kCollectionNotFound = 100,
  kCollectionNotLoaded = 101,
  kIndexNotFound = 700,
  kDatabaseNotFound = 800,
  kParameterInvalid = 1100,
  kNotAuthenticated = 1400,
  kNotPermitted = 1401,
};
enum OldCode : int32_t {
  kOldPermissionDenied = 3,
  kOldCollectionNotExists = 4,
  kOldIllegalArgument = 5,
  kOldIndexNotExist = 25,
  kOldRateLimit = 49
};

// A VARCHAR holds at most so many bytes, a JSON value too.
constexpr uint32_t kMaxText = 65535;
// Rows of one answer (offset + limit).
constexpr uint32_t kMaxWindow = 16384;
// The stock server takes messages of 64 MiB; half of it leaves room for what proxies add.
constexpr uint64_t kMessageBytes = 32 << 20;

}  // namespace elanus::store_milvus
