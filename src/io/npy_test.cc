#include "io/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "io/file.h"

namespace elanus::io {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::string npy(const std::string& header, const std::string& data) {
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size());
  text += '\0';
  return text + header + data;
}

Result<Matrix> read_npy_text(const std::string& text) {
  return parse_npy(std::as_bytes(std::span(text)), "t.npy");
}

std::string npy_error(const std::string& text) {
  const auto matrix = read_npy_text(text);
  EXPECT_FALSE(matrix.ok());
  return matrix.ok() ? "" : matrix.error().message();
}

const std::string one_half("\x00\x3c", 2), one_float("\x00\x00\x80\x3f", 4),
    one_double("\x00\x00\x00\x00\x00\x00\xf0\x3f", 8);

TEST(Npy, ReadsHalvesFloatsAndDoubles) {
  for (const auto& [descr, one] :
       {std::pair("<f2", one_half), std::pair("<f4", one_float), std::pair("<f8", one_double)}) {
    const auto matrix = read_npy_text(npy(
        "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (1, 2), }\n", one + one));
    ASSERT_TRUE(matrix.ok()) << matrix.error().message();
    EXPECT_EQ(matrix->rows, 1u);
    EXPECT_EQ(matrix->columns, 2u);
    EXPECT_THAT(matrix->values, ElementsAre(1.f, 1.f));
  }
}

TEST(Npy, OneDimensionIsOneRow) {
  const auto matrix = read_npy_text(npy("{\"shape\":(1,),'fortran_order':True,'descr':'<f4'}", one_float));
  ASSERT_TRUE(matrix.ok()) << matrix.error().message();
  EXPECT_EQ(matrix->rows, 1u);
}

TEST(Npy, SaysWhatItDoesNotRead) {
  EXPECT_THAT(npy_error(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1)}", one_float)),
              HasSubstr("dtype >f4, expected <f2, <f4 or <f8"));
  EXPECT_THAT(npy_error(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", one_float)),
              HasSubstr("Fortran order"));
  EXPECT_THAT(npy_error(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1)}", one_float)),
              HasSubstr("3 dimensions, expected 1 or 2"));
  EXPECT_THAT(npy_error(npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}", one_float)),
              HasSubstr("structured arrays are not read"));
  EXPECT_THAT(npy_error("PNG..."), HasSubstr("is not an NPY file"));
  EXPECT_THAT(npy_error(std::string("\x93NUMPY\x09\x00\x00\x00", 10)), HasSubstr("format 9"));
}

TEST(Npy, LyingSizesAreErrors) {
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  EXPECT_THAT(npy_error(npy(header + "(2, 1)}", one_float)),
              HasSubstr("expected 2 x 1 values of 4 bytes, found 4 bytes"));
  EXPECT_THAT(npy_error(npy(header + "(4611686018427387904, 4)}", "")), HasSubstr("found 0 bytes"));
  EXPECT_THAT(npy_error(npy(header + "(99999999999999999999, 4)}", "")), HasSubstr("a size below 2^64"));
  EXPECT_THAT(npy_error(npy(header + "(5, 0)}", "")), HasSubstr("rows of 0 values"));
  EXPECT_THAT(npy_error(npy(header + "(-1, 4)}", "")), HasSubstr("expected a size"));
  EXPECT_THAT(npy_error(npy("{'descr': '<f4', 'shape': (1,)}", one_float)), HasSubstr("'fortran_order'"));
  const std::string whole = npy(header + "(1, 1)}", one_float);
  for (size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(read_npy_text(whole.substr(0, n)).ok()) << n;
}

TEST(Npy, WhatIsWrittenIsReadBackAndAligned) {
  const auto path =
      std::filesystem::path(testing::TempDir()) / ("elanus-" + std::to_string(::getpid()) + ".npy");
  const Matrix matrix{2, 3, {1, -2, 3.5f, 0, 1e-30f, 6}};
  ASSERT_TRUE(write_npy(path, matrix).ok());
  const auto back = read_npy(path);
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->rows, 2u);
  EXPECT_EQ(back->values, matrix.values);
  EXPECT_EQ((std::filesystem::file_size(path) - 24) % 64, 0u);
  std::filesystem::remove(path);
  const auto wrong = write_npy(path, {2, 3, {1, 2}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message(), HasSubstr("expected 2 x 3 values, got 2"));
}

}  // namespace
}  // namespace elanus::io
