#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "operators/collections.h"
#include "operators/show.h"
#include "operators/sources.h"
#include "store/memory_collection.h"

namespace elanus::operators {
namespace {

namespace fs = std::filesystem;
using pipeline::from;
using pipeline::one;
using pipeline::OnError;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path kDemo = fs::path(ELANUS_SOURCE_DIR) / "demo/pictures";
const fs::path kModel = fs::path(ELANUS_SOURCE_DIR) / "models/elanus-demo";

class OperatorsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { clip_ = std::move(*clip::Clip::load(kModel)).release(); }
  static void TearDownTestSuite() { delete clip_; }

  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "elanus-operators-XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    collection_ = *store::MemoryCollection::create({clip_->info().dim, store::Metric::cosine, {}});
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  static std::string beach(int n) { return (kDemo / ("beach/00" + std::to_string(n) + ".jpg")).native(); }

  static clip::Clip* clip_;
  fs::path folder_;
  std::unique_ptr<store::MemoryCollection> collection_;
};
clip::Clip* OperatorsTest::clip_ = nullptr;

TEST_F(OperatorsTest, ReadCsvTakesTheColumnsByName) {
  const auto csv = write("t.csv", "id,path,label\n7,a.png,x\n8,b.png,y\n");
  auto got = read_csv<"path", "id">(csv);
  ASSERT_TRUE(got.ok());
  EXPECT_THAT(std::move(*got).collect()->rows,
              ElementsAre(std::tuple("a.png", "7"), std::tuple("b.png", "8")));
  EXPECT_THAT(std::move(*read_csv<"label">(csv)).collect<"label">()->rows, ElementsAre("x", "y"));
  const auto wrong = read_csv<"pth">(csv);
  EXPECT_THAT(wrong.error().message(),
              HasSubstr("t.csv has no column 'pth'; its columns are id, path, label"));
}

TEST_F(OperatorsTest, GlobGivesTheFilesInOrder) {
  for (const char* name : {"b.png", "a.png", "c.txt"}) write(name, "");
  auto got = glob<"path">((folder_ / "*.png").native());
  EXPECT_THAT(std::move(*got).collect<"path">()->rows,
              ElementsAre((folder_ / "a.png").native(), (folder_ / "b.png").native()));
  EXPECT_EQ(glob<"path">((folder_ / "*.jpg").native()).error().kind(), ErrorKind::not_found);
}

TEST_F(OperatorsTest, DecodeFromAPathIsLoadAndDecode) {
  auto got = from<"path">({beach(1)})
                 .map<"path", "bytes">(image_load())
                 .map<"bytes", "img">(image_decode())
                 .map<"path", "same">(image_decode())
                 .map<"img", "small">(to_thumbnail(100))
                 .map<"small", "still">(to_thumbnail(200))
                 .collect<"img", "same", "small", "still">();
  ASSERT_TRUE(got.ok()) << got.error().message();
  const auto& [img, same, small, still] = got->rows[0];
  EXPECT_EQ(img.rgb, same.rgb);
  EXPECT_EQ(std::max(small.width, small.height), 100u);
  EXPECT_EQ(still.width, small.width) << "a thumbnail is never larger than its picture";
}

TEST_F(OperatorsTest, ErrorsNameTheFile) {
  const std::string text = write("t.png", "no picture").native();
  auto got = from<"path">({text, beach(1), std::string("none.png")})
                 .on_error(OnError::skip)
                 .map<"path", "img">(image_decode())
                 .collect<"path">();
  EXPECT_THAT(got->rows, ElementsAre(beach(1)));
  EXPECT_THAT(got->report.failures.at(0).error.message(), HasSubstr(text));
  EXPECT_THAT(got->report.failures.at(1).error.message(), HasSubstr("none.png"));
}

TEST_F(OperatorsTest, EmbeddingsOneByOneInBatchesAndPreparedAreTheSame) {
  auto got = from<"path">({beach(1), beach(2), beach(3)})
                 .map<"path", "img">(image_decode())
                 .map<"img", "one">(image_text_embedding(*clip_, Modality::image))
                 .map_batch<"img", "batch">(2, image_text_embedding(*clip_, Modality::image))
                 .map<"img", "prepared">(image_prepare(*clip_))
                 .map_batch<"prepared", "faster">(3, image_text_embedding(*clip_, Modality::image))
                 .collect<"one", "batch", "faster">();
  ASSERT_TRUE(got.ok()) << got.error().message();
  for (const auto& [one_by_one, batch, faster] : got->rows) {
    EXPECT_EQ(one_by_one, batch);
    EXPECT_EQ(one_by_one, faster);
  }
  const std::vector<std::string> words{"a white dog", "a boat at night"};
  auto texts = from<"text">(words)
                   .map<"text", "one">(image_text_embedding(*clip_, Modality::text))
                   .map_batch<"text", "batch">(2, image_text_embedding(*clip_, Modality::text))
                   .collect<"one", "batch">();
  for (const auto& [one_by_one, batch] : texts->rows) EXPECT_EQ(one_by_one, batch);
}

TEST_F(OperatorsTest, APictureThatCannotBePreparedFailsAlone) {
  const image::Image good{8, 8, std::vector<uint8_t>(192, 90), 8, 8};
  auto got = from<"img">(std::vector<image::Image>{good, image::Image(), good})
                 .on_error(OnError::skip)
                 .map_batch<"img", "vec">(3, image_text_embedding(*clip_, Modality::image))
                 .collect<"vec">();
  ASSERT_EQ(got->rows.size(), 2u);
  EXPECT_EQ(got->rows[0], got->rows[1]);
  EXPECT_EQ(got->report.failures.at(0).row, 1u);
}

TEST_F(OperatorsTest, NormalizeGivesLengthOne) {
  const Embedding unit = *tensor_normalize()(Embedding{3, 0, 4});
  EXPECT_THAT(unit, ElementsAre(testing::FloatEq(0.6f), 0, testing::FloatEq(0.8f)));
  EXPECT_EQ(tensor_normalize()(Embedding{0, 0}).error().kind(), ErrorKind::invalid_argument);
  EXPECT_EQ(tensor_normalize()(Embedding{1, NAN}).error().kind(), ErrorKind::invalid_argument);
}

TEST_F(OperatorsTest, ToIntTakesWholeNumbersOnly) {
  EXPECT_EQ(*to_int("-12"), -12);
  for (const char* text : {"", "1.5", "12x", " 1", "99999999999999999999"})
    EXPECT_THAT(to_int(text).error().message(), HasSubstr("is not a whole number"));
}

// Vectors that point in n directions.
Embedding direction(uint32_t dim, size_t n) {
  Embedding vector(dim);
  vector[n] = 2;
  return vector;
}

TEST_F(OperatorsTest, InsertAndSearch) {
  const uint32_t dim = clip_->info().dim;
  std::vector<std::tuple<int64_t, Embedding, std::string>> rows;
  for (int64_t i = 0; i < 10; ++i) rows.emplace_back(100 + i, direction(dim, i), "p" + std::to_string(i));
  const auto report =
      from<"id", "vec", "path">(rows).into<"id", "vec", "path">(insert(*collection_, {.batch = 4}));
  EXPECT_EQ(report->rows, 10u);
  EXPECT_EQ(*collection_->count(), 10u);
  auto hits =
      one<"vec">(direction(dim, 7)).map<"vec", "hits">(search(*collection_, {.limit = 3})).get<"hits">();
  ASSERT_EQ(hits->size(), 3u);
  EXPECT_EQ(hits->at(0).id, 107);
  EXPECT_EQ(hits->at(0).picture.path, "p7");
}

TEST_F(OperatorsTest, InsertTwiceEndsTheSame) {
  const uint32_t dim = clip_->info().dim;
  const std::vector<std::pair<int64_t, Embedding>> rows{{5, direction(dim, 0)}, {6, direction(dim, 1)}};
  for (int run = 0; run < 2; ++run) {
    const auto report = from<"id", "vec">(rows).into<"id", "vec">(insert(*collection_));
    ASSERT_TRUE(report.ok()) << report.error().message();
  }
  EXPECT_EQ(*collection_->count(), 2u);
  EXPECT_EQ(collection_->get(5)->picture.path, "#5") << "a record has a name";
}

TEST_F(OperatorsTest, ARefusedRowTakesNoOtherWithIt) {
  const uint32_t dim = clip_->info().dim;
  std::vector<std::pair<std::string, Embedding>> rows{
      {"a", direction(dim, 0)}, {"b", Embedding(dim)}, {"c", Embedding(3)}, {"d", direction(dim, 1)}};
  const auto report =
      from<"path", "vec">(rows).on_error(OnError::skip).into<"path", "vec">(insert(*collection_));
  EXPECT_EQ(report->rows, 2u);
  EXPECT_EQ(report->failed, 2u);
  EXPECT_EQ(report->failures.at(0).row, 1u);
  EXPECT_THAT(report->failures.at(1).error.message(), HasSubstr("3"));
  EXPECT_EQ(*collection_->count(), 2u);
}

// Towhee's as_function(): a plain function that builds the chain.
Result<std::vector<store::Hit>> find(const clip::Clip& clip, const store::Collection& collection,
                                     const std::string& words) {
  return one<"text">(words)
      .map<"text", "vec">(image_text_embedding(clip, Modality::text))
      .map<"vec", "vec">(tensor_normalize())
      .map<"vec", "result">(search(collection, {.limit = 2}))
      .get<"result">();
}

TEST_F(OperatorsTest, AFunctionThatBuildsTheChainIsSafeOnAnyThread) {
  auto loaded = glob<"path">((kDemo / "beach/00*.jpg").native());
  const auto report = std::move(*loaded)
                          .parallel(2)
                          .map<"path", "img">(image_decode(clip_->decode_options()))
                          .map<"img", "img">(image_prepare(*clip_))
                          .prefetch(8)
                          .map_batch<"img", "vec">(4, image_text_embedding(*clip_, Modality::image))
                          .into<"path", "vec">(insert(*collection_));
  ASSERT_TRUE(report.ok()) << report.error().message();
  const auto want = find(*clip_, *collection_, "a red car");
  ASSERT_EQ(want->size(), 2u);
  std::vector<std::vector<store::Hit>> got(4);
  {
    std::vector<std::jthread> threads;
    for (auto& hits : got)
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) hits = *find(*clip_, *collection_, "a red car");
      });
  }
  for (const auto& hits : got) {
    EXPECT_EQ(hits[0].id, want->at(0).id);
    EXPECT_EQ(hits[1].id, want->at(1).id);
  }
}

TEST_F(OperatorsTest, ShowDrawsATableAndAPage) {
  const store::Hit hit{1, 0.25f, {.path = beach(1)}}, gone{2, 0.125f, {.path = "/no/such.png"}};
  const auto chain = [&] {
    return from<"text">({"a dog"})
        .map<"text", "n">([](const std::string& text) { return text.size(); })
        .map<"text", "result">([&](const std::string&) {
          return std::vector<store::Hit>{hit, gone};
        });
  };
  std::ostringstream out;
  TerminalTable screen(out, {preview::Graphics::blocks, 120, 10, 20});
  const auto shown_on_screen = chain().show<"text", "n", "result">(screen);
  ASSERT_TRUE(shown_on_screen.ok());
  EXPECT_THAT(out.str(), HasSubstr("a dog  5"));
  EXPECT_THAT(out.str(), HasSubstr("0.250 001.jpg"));
  EXPECT_THAT(out.str(), HasSubstr("0.125 such.png (cannot open"));
  EXPECT_THAT(out.str(), HasSubstr("▀"));

  const auto report = chain().show(HtmlTable(folder_ / "page.html", "Dogs"));
  ASSERT_TRUE(report.ok()) << report.error().message();
  std::stringstream page;
  page << std::ifstream(folder_ / "page.html").rdbuf();
  EXPECT_THAT(page.str(), HasSubstr("data:image/png;base64,"));
  EXPECT_THAT(page.str(), HasSubstr("<th>n</th>"));
}

TEST_F(OperatorsTest, ShowStopsAtItsLimit) {
  std::ostringstream out;
  TerminalTable screen(out, {});
  const auto report = from<"n">(std::vector<int>(100, 1)).show(screen, 3);
  EXPECT_EQ(report->rows, 3u);
  EXPECT_EQ(out.str(), "n\n1\n1\n1\n");
}

}  // namespace
}  // namespace elanus::operators
