// Files of a repository on the Hugging Face hub, or on a mirror of it, or in the cache that other tools keep
// of it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace elanus::io {

struct HubAccess {
  std::string endpoint = "https://huggingface.co";
  std::string token;
  std::filesystem::path cache;  // models--<owner>--<name>/{blobs,refs,snapshots}; empty: none
  bool offline = false;         // open no connection
};

struct HubFile {
  std::string name;
  uint64_t bytes = 0;  // 0: not known
  std::string sha256;  // empty: what the hub says counts
  std::string url;     // empty: the repository's file of this name
};

struct HubRepository {
  std::string id;  // "openai/clip-vit-base-patch32"
  std::string revision = "main";
  std::vector<HubFile> files;
};

struct HubProgress {
  const std::string& file;
  uint64_t done, total;  // bytes of all files; total is 0 when not known
};

// Puts all files into `folder`, which exists; those already there from an earlier call are left alone, those
// in the cache become hard links or copies, the others are downloaded and resumed. All are of one commit: the
// first file fixes it, also for later calls with this folder. Returns false from on_progress: cancelled.
// Errors as download(), and not_found when offline and not in the cache.
Result<void> fetch_from_hub(const HubAccess& access, const HubRepository& repository,
                            const std::filesystem::path& folder,
                            const std::function<bool(const HubProgress&)>& on_progress);

}  // namespace elanus::io
