// One function per command: does it, prints its result, returns its exit code.
#pragma once
#include "cli/options.h"

namespace elanus::cli {

int run(const IndexOptions& options);
int run(const SearchOptions& options);
int run(const EmbedOptions& options);
int run(const StatusOptions& options);
int run(const DropOptions& options);
int run(const CopyOptions& options);
int run(const CompactOptions& options);
int run(const ReembedOptions& options);
int run(const BackupOptions& options);
int run(const MergeOptions& options);
int run(const DoctorOptions& options);
int run(const ExportOptions& options);
int run(const ImportOptions& options);
int run(const EvalOptions& options);
int run(const BenchOptions& options);
int run(const ModelOptions& options);
int run(const ServeOptions& options);

// The value of a Result, or its error told to the user and its exit code returned.
#define TRY_OR_FAIL(...) ELANUS_FAIL_COUNTED(__COUNTER__, __VA_ARGS__)
#define ELANUS_FAIL_COUNTED(n, ...) ELANUS_FAIL_NAMED(n, __VA_ARGS__)
#define ELANUS_FAIL_NAMED(n, ...)                                         \
  __extension__({                                                         \
    auto&& fail_result_##n = (__VA_ARGS__);                               \
    if (!fail_result_##n.ok()) [[unlikely]] return fail(fail_result_##n.error()); \
    std::move(fail_result_##n).value();                                   \
  })

}  // namespace elanus::cli
