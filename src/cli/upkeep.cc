#include "cli/upkeep.h"

#include "cli/terminal.h"
#include "store_local/local_collection.h"

namespace elanus::cli {

Result<void> choose_index(store::Collection& collection, const std::string& spec) {
  if (spec.empty()) return {};
  auto* local = dynamic_cast<store_local::LocalCollection*>(&collection);
  if (local == nullptr)
    return Error(ErrorKind::unsupported, "--index is for file: collections; a milvus:// URI names its own: ?index=ivf_flat&nlist=512");
  return local->set_index(TRY(store_local::parse_index_spec(spec)));
}

void settle(store::Collection& collection, const std::stop_token& stop) {
  auto* local = dynamic_cast<store_local::LocalCollection*>(&collection);
  if (local == nullptr || stop.stop_requested()) return;
  ProgressLine line("vectors sorted into lists");
  const auto settled = local->settle([&](uint64_t done, uint64_t all) {
    line.show(done, all, 0);
    return !stop.stop_requested();
  });
  if (!settled.ok())
    say("note: searches read all codes until the vectors are sorted into lists: " + settled.error().message());
}

}  // namespace elanus::cli
