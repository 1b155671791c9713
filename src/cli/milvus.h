// milvus:// collections for the commands; the only file of cli that knows whether this program was built with them.
#pragma once
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/collection.h"

namespace elanus::cli::milvus {

bool is_uri(const std::string& uri);

// The URI as messages may show it: no user, no password, no options.
Result<std::string> shown(const std::string& uri);

// As of store_milvus::MilvusCollection. A token in $MILVUS_TOKEN is used when the URI has no other credentials. unsupported in
// a program that was built without Milvus.
Result<bool> exists(const std::string& uri);
Result<std::unique_ptr<store::Collection>> open(const std::string& uri, bool writable, std::stop_token stop);
Result<std::unique_ptr<store::Collection>> create(const std::string& uri, const store::Schema& schema, std::stop_token stop);
Result<void> drop(const std::string& uri);

// What `status` tells of a collection that open() gave: name and value of each fact.
Result<std::vector<std::pair<std::string, std::string>>> facts(const store::Collection& collection);

}  // namespace elanus::cli::milvus
