// Chapter 1: the data, a CSV of pictures and their labels.
#include "codelab.h"

using namespace codelab;

Result<void> chapter(const Setting& at) {
  // df = pd.read_csv('reverse_image_search.csv'); df.head()
  TRY(TRY(read_csv<"id", "path", "label">(at.csv)).show(TRY(screen()), 5));

  // Is every picture where the CSV says?
  const Report report = TRY(TRY(read_csv<"path">(at.csv))
                                .on_error(OnError::skip)
                                .map<"path", "path">(relative_to(at.folder()))
                                .map<"path", "bytes">(image_load())
                                .for_each<"bytes">([](const Bytes&) {}));
  std::printf("%s", to_text(report).c_str());
  return {};
}

int main(int argc, char** argv) { return run(argc, argv, chapter); }
