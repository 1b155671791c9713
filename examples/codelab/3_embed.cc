// Chapter 3: one picture and one text become vectors of the same space.
#include <numeric>

#include "codelab.h"

using namespace codelab;

Result<void> chapter(const Setting& at) {
  const auto clip = TRY(clip::Clip::load(at.model));
  const std::string picture =
      relative_to(at.folder())(TRY(TRY(read_csv<"path">(at.csv)).collect<"path">()).rows.at(0));

  // towhee.glob['path']('./teddy.png')
  //   .image_decode['path', 'img']()
  //   .image_text_embedding.clip['img', 'vec'](model_name='clip_vit_b32', modality='image')
  //   .tensor_normalize['vec', 'vec']()
  //   .select['img', 'vec']().show()
  const auto image = [&] {
    return one<"path">(picture)
        .map<"path", "img">(image_decode())
        .map<"img", "vec">(image_text_embedding(*clip, Modality::image))
        .map<"vec", "vec">(tensor_normalize());
  };
  TRY(image().select<"img", "vec">().show(TRY(screen())));

  // towhee.dc['text'](["A teddybear on a skateboard in Times Square."])
  //   .image_text_embedding.clip['text', 'vec'](model_name='clip_vit_b32', modality='text')
  //   .tensor_normalize['vec', 'vec']()
  //   .select['text', 'vec']().show()
  const auto text = [&] {
    return from<"text">({"A teddybear on a skateboard in Times Square."})
        .map<"text", "vec">(image_text_embedding(*clip, Modality::text))
        .map<"vec", "vec">(tensor_normalize());
  };
  TRY(text().select<"text", "vec">().show(TRY(screen())));

  const Embedding a = TRY(image().get<"vec">()), b = TRY(text().get<"vec">());
  std::printf("cosine %.3f\n", std::inner_product(a.begin(), a.end(), b.begin(), 0.0));
  return {};
}

int main(int argc, char** argv) { return run(argc, argv, chapter); }
