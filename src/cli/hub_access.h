// How this user reaches the Hugging Face hub, by the environment variables and files that other tools use
// too.
#pragma once
#include "io/hub.h"

namespace elanus::cli {

// HF_ENDPOINT; HF_TOKEN, else the file HF_TOKEN_PATH or HF_HOME/token; HF_HUB_CACHE, else HF_HOME/hub
// (HF_HOME is
// ~/.cache/huggingface); HF_HUB_OFFLINE, or `offline`. A token is not given to an endpoint without TLS,
// unless it is on this machine.
io::HubAccess hub_access(bool offline);

}  // namespace elanus::cli
