#include "clip/packed_tower.h"

namespace elanus::clip {

Result<void> PackedTower::verify(base::ThreadPool& pool) const {
  if (!file_) return {};
  std::call_once(verified_, [&] {
    const auto whole = file_->verify(pool);
    if (whole.ok()) return;
    std::error_code ignored;
    std::filesystem::remove(file_->path(), ignored);
    damage_ = Error(ErrorKind::corrupt,
                    whole.error().message() + "; the file was deleted and the next start makes it again");
  });
  if (damage_) return *damage_;
  return {};
}

}  // namespace elanus::clip
