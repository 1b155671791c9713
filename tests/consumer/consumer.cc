// A program that uses the installed library: the best picture of a collection for some words.
#include <clip/clip.h>
#include <search/search.h>
#include <store_local/local_collection.h>

#include <cstdio>

namespace {

elanus::Result<std::string> best(const char* model, const char* store, const char* words) {
  const auto clip = TRY(elanus::clip::Clip::load(model));
  const auto pictures = TRY(elanus::store_local::LocalCollection::open(store, elanus::store_local::OpenMode::read_only));
  const auto answer = TRY(elanus::search::search_text(*pictures, *clip, words, {.limit = 1}));
  return answer.hits.at(0).picture.path;
}

}  // namespace

int main(int, char** argv) {
  const auto path = best(argv[1], argv[2], argv[3]);
  if (!path.ok()) return std::fprintf(stderr, "%s\n", path.error().message().c_str()), 1;
  std::puts(path->c_str());
}
