// Starting from packed files: the same vectors, and never from a file that is not of this model as it is.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "clip/clip.h"
#include "clip/packed_format.h"
#include "tests/support/golden_clips.h"

namespace elanus::clip {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

class Packed : public testing::Test {
 protected:
  Packed() {
    fs::create_directories(root_);
    fs::copy(golden::folder("quick-gelu-f16"), model_);
  }
  ~Packed() override { fs::remove_all(root_); }

  std::unique_ptr<Clip> load(bool text_only = false) const {
    auto clip = Clip::load(model_, {.threads = 2, .text_only = text_only, .packed = places_});
    EXPECT_TRUE(clip.ok()) << clip.error().message();
    return std::move(*clip);
  }
  std::vector<float> words(const Clip& clip) const {
    std::vector<float> all;
    const std::vector<std::string> texts{"a white dog", "two boats, at night", ""};
    const auto embedded = clip.embed_texts(texts).value();
    for (const auto& text : embedded) all.insert(all.end(), text.vector.begin(), text.vector.end());
    return all;
  }
  std::vector<float> pictures(const Clip& clip) const {
    const PreparedImage grey{
        std::vector<uint8_t>(size_t{3} * clip.info().image_size * clip.info().image_size, 99)};
    std::vector<float> vector(clip.info().dim);
    EXPECT_TRUE(clip.embed_images(std::span(&grey, 1), vector).ok());
    return vector;
  }
  std::vector<fs::path> packed_files(const fs::path& folder) const {
    std::vector<fs::path> found;
    if (!fs::exists(folder)) return found;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".packed" || entry.path().extension() == ".tmp")
        found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }
  // Its number tells whether a file was made again: a replaced file has another.
  ino_t inode(const fs::path& path) const {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_ino;
  }
  void flip(const fs::path& path, uint64_t at) const {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }

  const fs::path root_ = fs::path(testing::TempDir()) / ("elanus-packed-" + std::to_string(::getpid()));
  const fs::path model_ = root_ / "model", cache_ = root_ / "cache";
  PackedPlaces places_{.beside = true, .cache = {}};
};

TEST_F(Packed, TheSecondStartGivesTheSameBits) {
  const auto first = load(), plain = Clip::load(model_, {.threads = 2}).value();
  EXPECT_EQ(first->packed_problem(), "");
  EXPECT_EQ(packed_files(model_).size(), 2u);
  const auto second = load();
  for (const Clip* clip : {first.get(), second.get()}) {
    EXPECT_EQ(words(*clip), words(*plain));
    EXPECT_EQ(pictures(*clip), pictures(*plain));
    EXPECT_EQ(clip->info().hash, plain->info().hash);
    EXPECT_EQ(clip->info().parameters, plain->info().parameters);
  }
}

TEST_F(Packed, EveryKindOfModelStartsFromItsFiles) {
  std::vector<std::string> models = golden::kModels;
  models.insert(models.end(), golden::kResNets.begin(), golden::kResNets.end());
  models.insert(models.end(), golden::kSiglips.begin(), golden::kSiglips.end());
  for (const std::string& name : models) {
    SCOPED_TRACE(name);
    const fs::path folder = root_ / name;
    fs::copy(golden::folder(name), folder);
    const auto plain = Clip::load(folder, {.threads = 2}).value();
    (void)Clip::load(folder, {.threads = 2, .packed = places_}).value();
    const auto files = packed_files(folder);
    ASSERT_EQ(files.size(), 2u);
    const std::vector<ino_t> before{inode(files[0]), inode(files[1])};
    const auto packed = Clip::load(folder, {.threads = 2, .packed = places_}).value();
    EXPECT_EQ(words(*packed), words(*plain));
    EXPECT_EQ(pictures(*packed), pictures(*plain));
    EXPECT_EQ(packed->info().parameters, plain->info().parameters);
    EXPECT_EQ((std::vector<ino_t>{inode(files[0]), inode(files[1])}), before);
  }
}

TEST_F(Packed, AnArchiveByItselfHasFilesOfItsOwn) {
  const fs::path folder = root_ / "downloads", one = folder / "one.pt", two = folder / "two.pt";
  fs::create_directories(folder);
  fs::copy(golden::folder("openai-vit-f16") / "openai-vit-f16.pt", one);
  fs::copy(golden::folder("openai-resnet-f16") / "openai-resnet-f16.pt", two);
  for (const char* file : {"vocab.json", "merges.txt"})
    fs::copy(golden::folder("openai-vit-f16") / file, folder / file);
  for (int start = 0; start < 2; ++start)
    for (const fs::path& archive : {one, two}) {
      const auto packed = Clip::load(archive, {.threads = 2, .packed = places_}).value();
      const auto plain = Clip::load(archive, {.threads = 2}).value();
      EXPECT_EQ(words(*packed), words(*plain));
      EXPECT_EQ(pictures(*packed), pictures(*plain));
    }
  const auto files = packed_files(folder);
  ASSERT_EQ(files.size(), 4u);
  const ino_t image = inode(files[0]);
  EXPECT_THAT(files[0].filename().native(), HasSubstr("one.image."));
  std::ofstream(folder / "notes.txt") << "not of the model";
  (void)Clip::load(one, {.threads = 2, .packed = places_}).value();
  EXPECT_EQ(inode(files[0]), image);
  std::ofstream(folder / "merges.txt", std::ios::app) << "\n";
  (void)Clip::load(one, {.threads = 2, .packed = places_}).value();
  EXPECT_NE(inode(files[0]), image);
}

TEST_F(Packed, NowhereMeansNowhere) {
  places_ = {};
  (void)load();
  EXPECT_TRUE(packed_files(model_).empty());
}

TEST_F(Packed, WordsAloneLeaveTheImageTowerAlone) {
  const auto expected = words(*load(true));
  ASSERT_EQ(packed_files(model_).size(), 1u);
  EXPECT_THAT(packed_files(model_)[0].filename().native(), HasSubstr("text."));
  EXPECT_EQ(words(*load(true)), expected);
  EXPECT_EQ(packed_files(model_).size(), 1u);
}

// A byte that the stamps' samples do not cover makes the tokenizer file unreadable, its size and time kept.
TEST_F(Packed, AStartDoesNotParseTheTokenizer) {
  const fs::path tokenizer = model_ / "vocab.json";
  std::ofstream(tokenizer, std::ios::app) << std::string(size_t{1} << 16, ' ');
  const auto expected = words(*load(true));
  struct stat before {};
  ASSERT_EQ(::stat(tokenizer.c_str(), &before), 0);
  flip(tokenizer, 16384);
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, tokenizer.c_str(), times, 0), 0);
  ASSERT_FALSE(Clip::load(model_, {.threads = 1, .text_only = true}).ok());
  EXPECT_EQ(words(*load(true)), expected);
}

TEST_F(Packed, ATouchedOrChangedModelIsPackedAgain) {
  (void)load();
  const auto text = packed_files(model_).at(1);
  const ino_t first = inode(text);
  (void)load();
  EXPECT_EQ(inode(text), first) << "nothing changed";

  struct stat before {};
  const fs::path weights = model_ / "model.safetensors";
  ASSERT_EQ(::stat(weights.c_str(), &before), 0);
  const auto old = load()->info().hash;
  flip(weights, fs::file_size(weights) - 1);
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, weights.c_str(), times, 0), 0);
  const auto changed = load();
  EXPECT_NE(changed->info().hash, old) << "found by its content, with size and time as before";
  EXPECT_EQ(changed->info().hash, Clip::load(model_, {.threads = 1}).value()->info().hash);
  EXPECT_EQ(words(*load()), words(*Clip::load(model_, {.threads = 2}).value()));
}

TEST_F(Packed, ADamagedHeadOrTableIsMadeAgainWithoutAWord) {
  const auto expected = words(*load(true));
  const auto path = packed_files(model_).at(0);
  for (const uint64_t at : {uint64_t{0}, uint64_t{9}, uint64_t{30}, uint64_t{fs::file_size(path) - 5}}) {
    flip(path, at);
    const ino_t damaged = inode(path);
    EXPECT_EQ(words(*load(true)), expected) << at;
    EXPECT_NE(inode(path), damaged) << at;
  }
  fs::resize_file(path, fs::file_size(path) - 1);
  EXPECT_EQ(words(*load(true)), expected);
  fs::resize_file(path, 10);
  EXPECT_EQ(words(*load(true)), expected);
  fs::resize_file(path, 0);
  EXPECT_EQ(words(*load(true)), expected);
}

TEST_F(Packed, DamagedWeightsAreRefusedOnceAndMadeAgain) {
  const auto expected = words(*load());
  for (const auto& path : packed_files(model_)) flip(path, fs::file_size(path) / 3);
  const auto damaged = load();
  const std::vector<std::string> texts{"a dog"};
  for (int again = 0; again < 2; ++again) {
    const auto vectors = damaged->embed_texts(texts);
    ASSERT_FALSE(vectors.ok());
    EXPECT_EQ(vectors.error().kind(), ErrorKind::corrupt);
    EXPECT_THAT(vectors.error().message(), HasSubstr("text."));
  }
  std::vector<float> vector(damaged->info().dim);
  const PreparedImage grey{
      std::vector<uint8_t>(size_t{3} * damaged->info().image_size * damaged->info().image_size)};
  EXPECT_FALSE(damaged->embed_images(std::span(&grey, 1), vector).ok());
  EXPECT_TRUE(packed_files(model_).empty());
  EXPECT_EQ(words(*load()), expected);
}

TEST_F(Packed, AModelThatCannotBeWrittenToUsesTheCache) {
  places_ = {.beside = false, .cache = cache_ / "made" / "when needed"};
  const auto expected = words(*load());
  EXPECT_TRUE(packed_files(model_).empty());
  EXPECT_EQ(packed_files(places_.cache).size(), 2u);
  EXPECT_EQ(words(*load()), expected);
}

TEST_F(Packed, WithoutAnyPlaceItLoadsAndSaysWhy) {
  std::ofstream(root_ / "file") << "not a folder";
  places_ = {.beside = false, .cache = root_ / "file" / "cache"};
  const auto clip = load();
  EXPECT_EQ(words(*clip), words(*Clip::load(model_, {.threads = 2}).value()));
  EXPECT_THAT(clip->packed_problem(), HasSubstr("file/cache"));
}

TEST_F(Packed, AnotherLevelOfKernelsHasFilesOfItsOwn) {
  for (const auto level : golden::cpu_levels()) {
    for (int start = 0; start < 2; ++start) {
      const auto clip =
          Clip::load(model_, {.threads = 2, .packed = places_, .cpu = ops::to_string(level)}).value();
      EXPECT_EQ(words(*clip),
                words(*Clip::load(model_, {.threads = 2, .cpu = ops::to_string(level)}).value()));
    }
  }
  EXPECT_EQ(packed_files(model_).size(), 2 * golden::cpu_levels().size());
}

TEST_F(Packed, WhileAnotherProcessWritesNobodyWaits) {
  const auto store = PackedStore::open(model_, places_, ops::kernels());
  const auto other = store.create("text");
  ASSERT_TRUE(other.ok());
  const auto clip = load(true);
  EXPECT_EQ(clip->packed_problem(), "");
  EXPECT_EQ(words(*clip), words(*Clip::load(model_, {.threads = 2}).value()));
}

// Fields that a hostile file could lie in, its checksums right.
TEST_F(Packed, NoNumberIsTrusted) {
  const std::string good =
      R"({"tower":"text","kernels":"k","model":{"hash":"h","parameters":1},"files":[],"entries":{"e":)";
  const auto parse = [&](const std::string& entry) {
    const std::string json = good + entry + "}}";
    const PackedHead head = packed_head(128, json);
    std::string file(128, '\0');
    std::memcpy(file.data(), &head, sizeof head);
    file += json;
    return parse_packed(std::as_bytes(std::span(file)), "f");
  };
  EXPECT_TRUE(parse(R"({"kind":"values","dtype":"F32","n":16,"k":1,"at":64,"bytes":64,"sum":0})").ok());
  for (const char* entry :
       {R"({"kind":"values","dtype":"F32","n":16,"k":1,"at":128,"bytes":64,"sum":0})",
        R"({"kind":"values","dtype":"F32","n":16,"k":1,"at":65,"bytes":64,"sum":0})",
        R"({"kind":"values","dtype":"F32","n":16,"k":1,"at":0,"bytes":64,"sum":0})",
        R"({"kind":"values","dtype":"F32","n":17,"k":1,"at":64,"bytes":64,"sum":0})",
        R"({"kind":"values","dtype":"F32","n":4611686018427387920,"k":1,"at":64,"bytes":64,"sum":0})",
        R"({"kind":"bytes","dtype":"F32","n":64,"k":1,"at":18446744073709551552,"bytes":64,"sum":0})",
        R"({"kind":"rows","dtype":"F16","n":4,"k":8,"at":64,"bytes":64,"sum":0,"file":0})",
        R"({"kind":"rows","dtype":"I8","n":4,"k":8,"at":64,"bytes":64,"sum":0})",
        R"({"kind":"heap","dtype":"F16","n":4,"k":8,"at":64,"bytes":64,"sum":0})",
        R"({"kind":"rows","dtype":"F16","n":-4,"k":8,"at":64,"bytes":64,"sum":0})", R"([])", R"({})"}) {
    EXPECT_FALSE(parse(entry).ok()) << entry;
  }
}

}  // namespace
}  // namespace elanus::clip
