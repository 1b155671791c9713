#include "codelab.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <iostream>

#include "store_local/local_collection.h"
#ifdef CODELAB_MILVUS
#include "store_milvus/milvus_collection.h"
#endif

namespace codelab {
namespace {

Result<uint16_t> port_of(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error == std::errc() && end == text.data() + text.size()) return port;
  return invalid_argument("expected a port from 0 to 65535, got " + std::string(text));
}

Result<Setting> parse(int argc, char** argv) {
  Setting setting;
  setting.model = CODELAB_MODEL;
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i];
    if (i + 1 == argc) return invalid_argument(option + " needs a value");
    if (option == "--csv")
      setting.csv = argv[i + 1];
    else if (option == "--store")
      setting.store = argv[i + 1];
    else if (option == "--model")
      setting.model = argv[i + 1];
    else if (option == "--port")
      setting.port = TRY(port_of(argv[i + 1]));
    else
      return invalid_argument("expected --csv FILE, --store URI, --model FOLDER or --port PORT, got " +
                              option);
  }
  return setting;
}

std::filesystem::path folder_of(const std::string& uri) {
  return uri.starts_with("file:") ? uri.substr(5) : uri;
}

}  // namespace

int run(int argc, char** argv, Result<void> (*chapter)(const Setting&)) {
  auto setting = parse(argc, argv);
  const auto done = setting.ok() ? chapter(*setting) : std::move(setting).error();
  if (!done.ok()) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return done.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}

Result<std::unique_ptr<store::Collection>> create_collection(const std::string& uri,
                                                             const store::Schema& schema) {
#ifdef CODELAB_MILVUS
  using store_milvus::MilvusCollection;
  if (uri.starts_with("milvus:")) {
    const auto place = TRY(store_milvus::parse_place(uri));
    if (TRY(MilvusCollection::exists(place))) TRY(MilvusCollection::drop(place));
    return std::unique_ptr<store::Collection>(TRY(MilvusCollection::create(place, schema)));
  }
#endif
  using store_local::LocalCollection;
  const auto folder = folder_of(uri);
  if (LocalCollection::exists(folder)) TRY(LocalCollection::drop(folder));
  return std::unique_ptr<store::Collection>(TRY(LocalCollection::create(folder, schema)));
}

Result<std::unique_ptr<store::Collection>> open_collection(const std::string& uri) {
#ifdef CODELAB_MILVUS
  if (uri.starts_with("milvus:"))
    return std::unique_ptr<store::Collection>(TRY(store_milvus::MilvusCollection::open(
        TRY(store_milvus::parse_place(uri)), store_milvus::OpenMode::read_write)));
#endif
  return std::unique_ptr<store::Collection>(
      TRY(store_local::LocalCollection::open(folder_of(uri), store_local::OpenMode::read_write)));
}

Result<TerminalTable> screen() {
  const auto environment = [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
  return TerminalTable(std::cout, TRY(preview::terminal_of(STDOUT_FILENO, environment)));
}

}  // namespace codelab
