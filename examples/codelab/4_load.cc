// Chapter 4: every picture of the CSV into the collection.
#include "codelab.h"

using namespace codelab;

Result<void> chapter(const Setting& at) {
  const auto clip = TRY(clip::Clip::load(at.model));
  const auto collection = TRY(open_collection(at.store));

  // towhee.read_csv('reverse_image_search.csv')
  //   .runas_op['id', 'id'](func=lambda x: int(x))
  //   .set_parallel(4)
  //   .image_decode['path', 'img']()
  //   .image_text_embedding.clip['img', 'vec'](model_name='clip_vit_b32', modality='image')
  //   .tensor_normalize['vec', 'vec']()
  //   .to_milvus['id', 'vec'](collection=collection, batch=100)
  const Report report = TRY(TRY(read_csv<"id", "path">(at.csv))
                                .map<"id", "id">(to_int)
                                .map<"path", "path">(relative_to(at.folder()))
                                .parallel(4)
                                .map<"path", "img">(image_decode(clip->decode_options()))
                                .map<"img", "img">(image_prepare(*clip))
                                .prefetch(32)
                                .map_batch<"img", "vec">(32, image_text_embedding(*clip, Modality::image))
                                .map<"vec", "vec">(tensor_normalize())
                                .into<"id", "vec", "path">(insert(*collection, {.batch = 100})));

  std::printf("%snum_entities %llu\n", to_text(report).c_str(),
              static_cast<unsigned long long>(TRY(collection->count())));
  return {};
}

int main(int argc, char** argv) { return run(argc, argv, chapter); }
