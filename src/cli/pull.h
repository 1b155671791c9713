// Bringing a registered model to this machine.
#pragma once
#include <string>

#include "base/result.h"
#include "cli/places.h"
#include "clip/registry.h"

namespace elanus::cli {

// Downloads (or takes from the cache of other tools), checks, loads once, packs for quick starts, and only
// then gives it its name among the user's models. What a failed or stopped pull brought is kept for the next
// one, under a hidden name. Ctrl-C is cancelled. already_exists, unsupported, busy; else as
// io::fetch_from_hub and Clip::load.
Result<ModelPlace> pull(const clip::RegisteredModel& model, bool offline);

// The registered model of this name, or an error that says what there is.
Result<const clip::RegisteredModel*> registered(const std::string& name);

// For a model that is not here: on a terminal asks whether to pull it, and does. Otherwise, or when the
// answer is no, the error says the command. `what` is who needs it.
Result<ModelPlace> offer_pull(const clip::RegisteredModel& model, const std::string& what);

}  // namespace elanus::cli
