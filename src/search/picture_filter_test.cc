#include "search/picture_filter.h"

#include <gtest/gtest.h>

#include "store/collection.h"

namespace elanus::search {
namespace {

store::Picture taken(const std::string& path, int64_t captured_s, int64_t mtime_s = 1'700'000'000) {
  store::Picture picture;
  picture.path = path;
  picture.captured_s = captured_s;
  picture.mtime_ns = mtime_s * 1'000'000'000;
  picture.label = "dog";
  return picture;
}

bool keeps(const PictureFilter& wanted, const store::Picture& picture) {
  const auto filter = to_filter(wanted);
  EXPECT_TRUE(filter.ok()) << filter.error().message();
  return matches(*filter, 1, picture);
}

TEST(PictureFilter, NothingAskedIsEverything) { EXPECT_TRUE(is_everything(to_filter({}).value())); }

TEST(PictureFilter, Paths) {
  const auto path = [](std::vector<std::string> paths) {
    return keeps({.paths = std::move(paths)}, taken("/photos/2023/june/a[1].jpg", 0));
  };
  EXPECT_TRUE(path({"/photos"}) && path({"/photos/2023/"}) && path({"/"}) &&
              path({"/photos/2023/june/a[1].jpg"}));
  EXPECT_FALSE(path({"/photos/20"}) || path({"/photo"}) || path({"/photos/2024"}));
  EXPECT_TRUE(path({"2023"}) && path({"2023/june"}) && path({"june/"}) && path({"photos"}));
  EXPECT_FALSE(path({"023"}) || path({"2023/jun"}));
  EXPECT_TRUE(path({"*.jpg"}) && path({"june/*"}) && path({"/photos/*/june/*"}) && path({"a?1?.jpg"}));
  EXPECT_FALSE(path({"*.png"}) || path({"june/*.png"}) || path({"une/*"}));
  EXPECT_TRUE(path({"/none", "june"})) << "one of them is enough";
}

TEST(PictureFilter, LabelsAndTypesAndMore) {
  const auto picture = taken("/a.JPEG", 0);
  EXPECT_TRUE(keeps({.labels = {"cat", "dog"}, .types = {"png", ".JPG"}}, picture));
  EXPECT_FALSE(keeps({.labels = {"cat", "dog"}, .types = {"png"}}, picture));
  EXPECT_FALSE(keeps({.labels = {"dog"}, .where = "not label = dog"}, picture));
}

TEST(PictureFilter, TakenByTheCamerasClockElseByTheFilesTime) {
  const int64_t june = 1'686'832'496, november = 1'700'000'000;  // of 2023
  const auto captured = taken("/a", june, november), unknown = taken("/b", 0, november);
  EXPECT_TRUE(keeps({.after = "2023", .before = "2024"}, captured));
  EXPECT_TRUE(keeps({.after = "2023-06-15T12:34:56"}, captured)) << "the moment itself";
  EXPECT_FALSE(keeps({.after = "2023-07"}, captured));
  EXPECT_TRUE(keeps({.after = "2023-07"}, unknown));
  EXPECT_FALSE(keeps({.before = "2023-07"}, unknown));
  EXPECT_FALSE(keeps({.before = "2023-06"}, captured));
  EXPECT_TRUE(keeps({.before = "9999"}, unknown)) << "later than a file's time can be";
  EXPECT_FALSE(keeps({.after = "0001", .before = "0002"}, unknown));
}

TEST(PictureFilter, RefusesWhatItCannotRead) {
  EXPECT_EQ(to_filter({.after = "june"}).error().kind(), ErrorKind::invalid_argument);
  EXPECT_NE(to_filter({.before = "june"}).error().message().find("before: expected a date"),
            std::string::npos);
  EXPECT_FALSE(to_filter({.where = "label ="}).ok());
}

}  // namespace
}  // namespace elanus::search
