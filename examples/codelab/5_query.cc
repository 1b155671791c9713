// Chapter 5: pictures for words.
#include "codelab.h"

using namespace codelab;

namespace {

// .as_function(): a plain function that builds the chain, safe on any thread.
Result<std::vector<store::Hit>> find(const clip::Clip& clip, const store::Collection& collection,
                                     const std::string& text) {
  return one<"text">(text)
      .map<"text", "vec">(image_text_embedding(clip, Modality::text))
      .map<"vec", "vec">(tensor_normalize())
      .map<"vec", "result">(search(collection, {.limit = 5}))
      .get<"result">();
}

}  // namespace

Result<void> chapter(const Setting& at) {
  const auto clip = TRY(clip::Clip::load(at.model, {.text_only = true}));
  const auto collection = TRY(open_collection(at.store));

  // towhee.dc['text'](["A white dog", "A black dog"])
  //   .image_text_embedding.clip['text', 'vec'](model_name='clip_vit_b32', modality='text')
  //   .tensor_normalize['vec', 'vec']()
  //   .milvus_search['vec', 'result'](collection=collection, limit=5)
  //   .runas_op['result', 'result_img'](func=read_images)
  //   .select['text', 'result_img']().show()
  TRY(from<"text">({"A white dog", "A black dog"})
          .map<"text", "vec">(image_text_embedding(*clip, Modality::text))
          .map<"vec", "vec">(tensor_normalize())
          .map<"vec", "result">(search(*collection, {.limit = 5}))
          .select<"text", "result">()
          .show(TRY(screen())));

  for (const auto& hit : TRY(find(*clip, *collection, "A white dog")))
    std::printf("A white dog: %lld %.3f %s\n", static_cast<long long>(hit.id),
                static_cast<double>(hit.cosine), hit.picture.path.c_str());
  return {};
}

int main(int argc, char** argv) { return run(argc, argv, chapter); }
