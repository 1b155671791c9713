// What the chapters share: where their data, model and collection are, and the screen.
#pragma once
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "clip/clip.h"
#include "operators/collections.h"
#include "operators/embeddings.h"
#include "operators/images.h"
#include "operators/show.h"
#include "operators/sources.h"
#include "pipeline/pipeline.h"
#include "store/collection.h"

namespace codelab {

using namespace elanus;
using namespace elanus::operators;
using namespace elanus::pipeline;

// CHAPTER [--csv FILE] [--store URI] [--model FOLDER] [--port PORT]
struct Setting {
  std::filesystem::path csv = "reverse_image_search.csv";  // id, path (from the CSV's folder), label
  std::string store = "file:text_image_search";            // file:PATH or milvus://host:port/collection
  std::filesystem::path model;                             // the demo model, if not said otherwise
  uint16_t port = 7700;                                    // of the showcase; 0: any free one

  std::filesystem::path folder() const { return csv.parent_path(); }
};

// Runs a chapter; an error is told on stderr.
int run(int argc, char** argv, Result<void> (*chapter)(const Setting&));

// An empty collection at this URI. One that is there is dropped.
Result<std::unique_ptr<store::Collection>> create_collection(const std::string& uri,
                                                             const store::Schema& schema);

// The collection at this URI.
Result<std::unique_ptr<store::Collection>> open_collection(const std::string& uri);

// A table on stdout, with pictures as this terminal can show them.
Result<TerminalTable> screen();

}  // namespace codelab
