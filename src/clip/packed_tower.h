// How one tower comes to its weights: from its packed file, or from the checkpoint and then into one.
#pragma once
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "clip/packed_store.h"
#include "clip/transformer_weights.h"

namespace elanus::clip {

// Thread-safety: verify may be called from many threads; the rest belongs to loading.
class PackedTower {
 public:
  // "text" or "image".
  explicit PackedTower(std::string name) : name_(std::move(name)) {}

  // Calls load(source) with a source that reads the packed file. False when there is no fresh one or it does
  // not fit.
  template <class Load>
  bool from_file(const PackedStore& store, WeightSource source, const Load& load) {
    file_ = store.find(name_);
    if (!file_) return false;
    source.packed = &*file_;
    if (!load(source).ok()) file_.reset();
    return file_.has_value();
  }

  // Calls load(source) with the checkpoint as source and keeps what it loads. Only an error of `load` is one:
  // see problem() for why nothing could be kept.
  template <class Load>
  Result<void> from_checkpoint(const PackedStore& store, WeightSource source, const std::string& hash,
                               uint64_t parameters, const Load& load) {
    if (!store.enabled()) return load(source);
    auto writer = store.create(name_);
    if (writer.ok()) source.writer = &*writer;
    TRY(load(source));
    const Result<void> kept = writer.ok() ? writer->finish(hash, parameters) : Result<void>(writer.error());
    if (!kept.ok() && kept.error().kind() != ErrorKind::busy) problem_ = kept.error().message();
    return {};
  }

  // The file in use, or nothing when the weights came from the checkpoint.
  const std::optional<PackedFile>& file() const { return file_; }
  const std::string& problem() const { return problem_; }

  // Reads the file in use once per process. corrupt when it is damaged: it is deleted then, and the next
  // start makes another.
  Result<void> verify(base::ThreadPool& pool) const;

 private:
  std::string name_;
  std::optional<PackedFile> file_;
  std::string problem_;
  mutable std::once_flag verified_;
  mutable std::optional<Error> damage_;
};

}  // namespace elanus::clip
