#include "cli/milvus.h"

#include <cstdlib>

#ifdef ELANUS_MILVUS
#include "store_milvus/milvus_collection.h"
#endif

namespace elanus::cli::milvus {

bool is_uri(const std::string& uri) { return uri.starts_with("milvus:"); }

#ifdef ELANUS_MILVUS

using store_milvus::MilvusCollection;
using store_milvus::OpenMode;

namespace {

Result<store_milvus::Place> place_of(const std::string& uri) {
  store_milvus::Place place = TRY(store_milvus::parse_place(uri));
  const char* token = std::getenv("MILVUS_TOKEN");
  if (token && place.user.empty() && place.token_file.empty()) place.token = token;
  return place;
}

store_milvus::Options options(std::stop_token stop) {
  store_milvus::Options options;
  options.stop = std::move(stop);
  return options;
}

}  // namespace

Result<std::string> shown(const std::string& uri) { return TRY(store_milvus::parse_place(uri)).shown(); }

Result<bool> exists(const std::string& uri) { return MilvusCollection::exists(TRY(place_of(uri))); }

Result<std::unique_ptr<store::Collection>> open(const std::string& uri, bool writable, std::stop_token stop) {
  const OpenMode mode = writable ? OpenMode::read_write : OpenMode::read_only;
  std::unique_ptr<store::Collection> opened = TRY(MilvusCollection::open(TRY(place_of(uri)), mode, options(std::move(stop))));
  return opened;
}

Result<std::unique_ptr<store::Collection>> create(const std::string& uri, const store::Schema& schema, std::stop_token stop) {
  std::unique_ptr<store::Collection> created =
      TRY(MilvusCollection::create(TRY(place_of(uri)), schema, options(std::move(stop))));
  return created;
}

Result<void> drop(const std::string& uri) { return MilvusCollection::drop(TRY(place_of(uri))); }

Result<std::vector<std::pair<std::string, std::string>>> facts(const store::Collection& collection) {
  const auto* milvus = dynamic_cast<const MilvusCollection*>(&collection);
  if (!milvus) return Error(ErrorKind::invalid_argument, "this is no Milvus collection");
  const auto description = TRY(milvus->describe());
  return std::vector<std::pair<std::string, std::string>>{{"server", description.server},
                                                          {"index", description.index + ", " + description.metric},
                                                          {"shards", std::to_string(description.shards)},
                                                          {"written by", description.ours ? "elanus" : "another program"}};
}

#else

namespace {

Error without() { return {ErrorKind::unsupported, "this program was built without Milvus (ELANUS_MILVUS=OFF)"}; }

}  // namespace

Result<std::string> shown(const std::string&) { return without(); }
Result<bool> exists(const std::string&) { return without(); }
Result<std::unique_ptr<store::Collection>> open(const std::string&, bool, std::stop_token) { return without(); }
Result<std::unique_ptr<store::Collection>> create(const std::string&, const store::Schema&, std::stop_token) { return without(); }
Result<void> drop(const std::string&) { return without(); }
Result<std::vector<std::pair<std::string, std::string>>> facts(const store::Collection&) { return without(); }

#endif

}  // namespace elanus::cli::milvus
