#include "io/hub.h"

#include <algorithm>

#include "io/digest.h"
#include "io/download.h"
#include "io/file.h"

namespace elanus::io {
namespace fs = std::filesystem;

namespace {

constexpr const char* kCommitNote = ".commit";

bool is_commit(const std::string& text) { return text.size() == 40 && is_digest(text); }

std::string first_line(const fs::path& path) {
  const auto text = read_text(path, 4096);
  return text.ok() ? text->substr(0, text->find_first_of("\r\n")) : "";
}

class Fetch {
 public:
  Fetch(const HubAccess& access, const HubRepository& repository, const fs::path& folder,
        const std::function<bool(const HubProgress&)>& on_progress)
      : access_(access), repository_(repository), folder_(folder), on_progress_(on_progress) {
    if (!access.cache.empty()) {
      std::string name = "models--" + repository.id;
      for (size_t at; (at = name.find('/')) != std::string::npos;) name.replace(at, 1, "--");
      cache_ = access.cache / name;
    }
  }

  Result<void> run() {
    TRY(choose_commit());
    for (const HubFile& file : repository_.files) total_ += file.bytes;
    for (const HubFile& file : repository_.files) TRY(bring(file));
    return {};
  }

 private:
  // What an earlier call began with, else what the revision means in the cache, else the revision itself.
  Result<void> choose_commit() {
    commit_ = is_commit(repository_.revision) ? repository_.revision : first_line(folder_ / kCommitNote);
    if (!is_commit(commit_) && !cache_.empty()) commit_ = first_line(cache_ / "refs" / repository_.revision);
    return is_commit(commit_) ? note_commit(commit_) : Result<void>();
  }
  Result<void> note_commit(const std::string& commit) {
    commit_ = commit;
    return write_text_atomic(folder_ / kCommitNote, commit + "\n");
  }

  Result<void> bring(const HubFile& file) {
    std::error_code error;
    const fs::path to = folder_ / file.name;
    if (!fs::exists(to, error) && !TRY(from_cache(file, to))) TRY(from_network(file, to));
    const uint64_t size = fs::file_size(to, error);
    if (!error) before_ += size;
    return {};
  }

  // Blobs have their SHA-256 as name; a snapshot has the files of a commit by theirs.
  Result<bool> from_cache(const HubFile& file, const fs::path& to) {
    if (cache_.empty() || !file.url.empty()) return false;
    std::vector<fs::path> places;
    if (!file.sha256.empty()) places.push_back(cache_ / "blobs" / file.sha256);
    if (is_commit(commit_)) places.push_back(cache_ / "snapshots" / commit_ / file.name);
    for (const fs::path& place : places) {
      std::error_code error;
      const fs::path real = fs::canonical(place, error);
      if (error || !fs::is_regular_file(real, error)) continue;
      // The name of a blob is what its content must be.
      const std::string blob = real.filename().native();
      const std::string digest = !file.sha256.empty() ? file.sha256 : is_digest(blob) ? blob : "";
      if (!digest.empty() && !TRY(has_digest(real, digest))) continue;
      fs::create_hard_link(real, to, error);
      if (!error) return true;
      const fs::path half = to.native() + ".part";
      fs::copy_file(real, half, fs::copy_options::overwrite_existing, error);
      if (!error) fs::rename(half, to, error);
      if (error)
        return base::errno_error("cannot copy " + real.string() + " to " + to.string(), error.value());
      return true;
    }
    return false;
  }

  Result<void> from_network(const HubFile& file, const fs::path& to) {
    if (access_.offline)
      return Error(ErrorKind::not_found,
                   file.name + " of " + repository_.id + " is not in " +
                       (access_.cache.empty() ? "any cache" : access_.cache.string()) +
                       ", and the network may not be used (--offline or HF_HUB_OFFLINE)");
    const std::string revision = is_commit(commit_) ? commit_ : repository_.revision;
    const std::string url =
        file.url.empty() ? access_.endpoint + "/" + repository_.id + "/resolve/" + revision + "/" + file.name
                         : file.url;
    const auto progress = [&](uint64_t done, uint64_t total) {
      return on_progress_({file.name, before_ + done, std::max(total_, total == 0 ? 0 : before_ + total)});
    };
    const std::string token = file.url.empty() ? access_.token : "";
    const Downloaded got = TRY(download({url, token, to, file.sha256}, progress));
    if (is_commit(got.commit) && !is_commit(commit_) && file.url.empty()) TRY(note_commit(got.commit));
    return {};
  }

  const HubAccess& access_;
  const HubRepository& repository_;
  const fs::path& folder_;
  const std::function<bool(const HubProgress&)>& on_progress_;
  fs::path cache_;
  std::string commit_;
  uint64_t before_ = 0, total_ = 0;  // bytes of the files that are here, and of all
};

}  // namespace

Result<void> fetch_from_hub(const HubAccess& access, const HubRepository& repository, const fs::path& folder,
                            const std::function<bool(const HubProgress&)>& on_progress) {
  return Fetch(access, repository, folder, on_progress).run();
}

}  // namespace elanus::io
