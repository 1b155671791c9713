#include "store/model_match.h"

namespace elanus::store {
namespace {

std::string spelled(const ModelId& model) {
  return model.hash.empty() ? model.name : model.name + " (weights " + model.hash.substr(0, 12) + ")";
}

}  // namespace

Result<void> check_model(const Schema& schema, const ModelId& model, uint32_t dim) {
  if (schema.dim != dim)
    return Error(ErrorKind::mismatch, "the collection holds vectors of " + std::to_string(schema.dim) + " values by " +
                                          spelled(schema.model) + "; the model " + spelled(model) + " makes " +
                                          std::to_string(dim) + ". Use that model, or another collection");
  if (schema.model.hash.empty() || schema.model.hash == model.hash) return {};
  return Error(ErrorKind::mismatch, "the collection was made by the model " + spelled(schema.model) + ", not by " +
                                        spelled(model) + ". Their vectors cannot be compared: use that model, or " +
                                        "another collection");
}

}  // namespace elanus::store
