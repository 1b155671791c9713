#include "cli/pull.h"

#include <unistd.h>

#include <cstdio>

#include "cli/byte_progress.h"
#include "cli/hub_access.h"
#include "cli/stop_signal.h"
#include "cli/terminal.h"
#include "io/descriptor.h"
#include "io/file_lock.h"

namespace elanus::cli {
namespace {

namespace fs = std::filesystem;

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return base::errno_error("cannot make " + folder.native(), error.value());
  return {};
}

Result<void> fetch(const clip::RegisteredModel& model, const io::HubAccess& access, const fs::path& folder) {
  const StopSignal stop("stopping; what is here is kept");
  ByteProgress progress;
  return io::fetch_from_hub(access, model.source, folder, [&](const io::HubProgress& p) {
    progress.show(p.file, p.done, p.total);
    return !stop.token().stop_requested();
  });
}

// Configs and tokenizers alone are not worth keeping: a pull that brought no weights leaves nothing.
void remove_without_weights(const fs::path& half) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(half, error))
    if (entry.path().filename().native()[0] != '.' && entry.path().extension() != ".json") return;
  fs::remove_all(half, error);
}

}  // namespace

Result<const clip::RegisteredModel*> registered(const std::string& name) {
  if (const auto* model = clip::find_registered(name)) return model;
  return Error(ErrorKind::not_found,
               "no model '" + name + "' is known; `elanus model list` shows those that are. Any " +
                   "other checkpoint: download its folder and `elanus model import FOLDER`");
}

Result<ModelPlace> pull(const clip::RegisteredModel& model, bool offline) {
  if (!model.readable())
    return Error(ErrorKind::unsupported, model.name + " is a " + model.family + " checkpoint in the " +
                                             model.source.files.back().name +
                                             " form, which this version cannot read yet");
  const fs::path to = models_folder() / model.name, half = models_folder() / ("." + model.name + ".pull");
  std::error_code error;
  const Error here(ErrorKind::already_exists, model.name + " is here already: " + to.native());
  if (fs::exists(to, error)) return here;
  TRY(make_folder(half));
  const auto lock = io::FileLock::acquire(half / ".lock");
  if (!lock.ok() && lock.error().kind() == ErrorKind::busy)
    return Error(ErrorKind::busy, "another process is pulling " + model.name + " at this moment");
  if (!lock.ok()) return lock.error();
  if (fs::exists(to, error)) return here;

  const io::HubAccess access = hub_access(offline);
  say("pulling " + model.name + " (about " + bytes_words(model.download_bytes) + ", licence " +
      model.licence + ") from " + access.endpoint + "/" + model.source.id);
  if (const auto fetched = fetch(model, access, half); !fetched.ok()) {
    remove_without_weights(half);
    return fetched.error();
  }
  // A checkpoint that cannot be loaded is refused here and not in the middle of an index run.
  const auto clip = clip::Clip::load(half, {.packed = {.beside = true, .cache = {}}});
  if (!clip.ok()) {
    fs::remove_all(half, error);
    return base::within(model.name, Result<ModelPlace>(clip.error()));
  }
  fs::remove(half / ".lock", error);
  fs::rename(half, to, error);
  if (error) return base::errno_error("cannot rename " + half.native() + " to " + to.native(), error.value());
  TRY(io::sync_folder(models_folder()));
  return ModelPlace{model.name, to, false};
}

Result<ModelPlace> offer_pull(const clip::RegisteredModel& model, const std::string& what) {
  const Error how(ErrorKind::not_found, what + " is not on this machine. To get it (about " +
                                            bytes_words(model.download_bytes) + "):\n  elanus model pull " +
                                            model.name);
  if (!model.readable()) return pull(model, true);
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) return how;
  std::fprintf(stderr, "%s is not on this machine. Pull it now (about %s)? [y/N] ", what.c_str(),
               bytes_words(model.download_bytes).c_str());
  char answer[16] = "";
  if (std::fgets(answer, sizeof answer, stdin) == nullptr || (*answer != 'y' && *answer != 'Y')) return how;
  return pull(model, false);
}

}  // namespace elanus::cli
