// One function per command: does it, prints its result, returns its exit code.
#pragma once
#include "cli/options.h"

namespace elanus::cli {

int run(const IndexOptions& options);
int run(const SearchOptions& options);
int run(const EmbedOptions& options);
int run(const StatusOptions& options);
int run(const DropOptions& options);
int run(const ExportOptions& options);
int run(const ImportOptions& options);
int run(const EvalOptions& options);
int run(const ModelOptions& options);

// The value of a Result, or its error told to the user and its exit code returned.
#define TRY_OR_FAIL(...)                                                     \
  __extension__({                                                            \
    auto&& try_result_ = (__VA_ARGS__);                                      \
    if (!try_result_.ok()) [[unlikely]] return fail(try_result_.error());    \
    std::move(try_result_).value();                                          \
  })

}  // namespace elanus::cli
