// What a collection needs once in a while: giving room back, a copy that can be put back.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>

#include "base/result.h"

namespace elanus::store_local {

struct CompactReport {
  uint64_t records = 0;
  uint64_t dead_slots = 0;                     // that are free again
  uint64_t bytes_before = 0, bytes_after = 0;  // of all files
};

// Gives slots out anew, without gaps, and the room of what was erased and replaced back to the disk. Readers
// go on meanwhile. Ids and records stay as they are. One transaction, then VACUUM: a crash leaves the
// collection whole, before or after. Takes about as long as copying the collection twice and needs as much
// room. `go_on(done, all)` is called now and then, also while nothing is done yet because everything is read
// first; each record is written twice, and counts so. false ends with `cancelled`: before the transaction, or
// with slots that are new and room that is still to be given back, which the next one does. Errors as
// LocalCollection::open for writing, and no_space, which loses nothing.
Result<CompactReport> compact(const std::filesystem::path& folder,
                              const std::function<bool(uint64_t, uint64_t)>& go_on);

struct BackupReport {
  uint64_t records = 0;
  uint64_t bytes = 0;
};

// Copies the collection as it is at one moment into the folder `to`, which is made; opened as a collection,
// it is one. The collection can be read and written meanwhile. The copy is on disk and was checked when this
// returns, and is not there at all after an error or a crash. `go_on(pages done, pages in all)` is called now
// and then; false ends with `cancelled`. already_exists: there is a collection in `to`. Errors else as
// LocalCollection::open, and no_space.
Result<BackupReport> backup(const std::filesystem::path& folder, const std::filesystem::path& to,
                            const std::function<bool(uint64_t, uint64_t)>& go_on);

}  // namespace elanus::store_local
