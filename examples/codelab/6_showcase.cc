// Chapter 6: the showcase, a page where anybody types and sees pictures.
#include <pthread.h>

#include <csignal>

#include "codelab.h"
#include "server/server.h"

using namespace codelab;

Result<void> chapter(const Setting& at) {
  // Before there are threads, so that all of them leave these signals to sigwait.
  sigset_t ends;
  sigemptyset(&ends);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&ends, signal);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  const auto clip = TRY(clip::Clip::load(at.model));
  const auto collection = TRY(open_collection(at.store));
  const auto open_writer = [&]() -> Result<std::shared_ptr<store::Collection>> {
    return std::shared_ptr<store::Collection>(TRY(open_collection(at.store)));
  };

  // with towhee.api() as api:
  //   milvus_search_function = (api.image_text_embedding.clip(model_name='clip_vit_b32', modality='text')
  //     .tensor_normalize().milvus_search(collection=collection, limit=5)
  //     .runas_op(func=lambda res: [id_img[x.id] for x in res]).as_function())
  // interface = gradio.Interface(milvus_search_function, gradio.inputs.Textbox(lines=1),
  //                              [gradio.outputs.Image(type="file", label=None) for _ in range(5)])
  // interface.launch(inline=True, share=True)
  const auto showcase = TRY(server::Server::start(*collection, open_writer, *clip,
                                                  {.port = at.port,
                                                   .thumbnails = "showcase/thumbnails",
                                                   .uploads = "showcase/uploads",
                                                   .read_only = true}));
  std::printf("http://127.0.0.1:%u/   (Ctrl-C ends)\n", unsigned{showcase->port()});
  std::fflush(stdout);

  int signal = 0;
  sigwait(&ends, &signal);
  showcase->stop(std::chrono::seconds(10));
  return {};
}

int main(int argc, char** argv) { return run(argc, argv, chapter); }
