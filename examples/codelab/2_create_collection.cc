// Chapter 2: an empty collection for the embeddings of one model.
#include "codelab.h"
#include "store/metric.h"

using namespace codelab;

Result<void> chapter(const Setting& at) {
  const auto clip = TRY(clip::Clip::load(at.model, {.text_only = true}));
  const clip::ModelInfo& model = clip->info();

  // def create_milvus_collection(collection_name, dim): has? drop; FieldSchema, CollectionSchema,
  // create_index
  const auto collection = TRY(create_collection(
      at.store, {.dim = model.dim, .metric = store::Metric::l2, .model = {model.name, model.hash}}));

  const store::Schema& schema = collection->schema();
  std::printf("model %s, dim %u, metric %s, num_entities %llu\n", schema.model.name.c_str(), schema.dim,
              store::to_string(schema.metric), static_cast<unsigned long long>(TRY(collection->count())));
  return {};
}

int main(int argc, char** argv) { return run(argc, argv, chapter); }
