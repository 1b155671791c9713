// What there is to choose from: the models on this machine and those that can be pulled.
#pragma once
#include <string>

namespace elanus::cli {

// Prints all, the ones that are here first, and returns the exit code.
int list_all_models(bool json);

// Prints one that is here.
int show_model(const std::string& name, bool json);

}  // namespace elanus::cli
