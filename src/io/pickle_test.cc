#include "io/pickle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace elanus::io {
namespace {
using testing::HasSubstr;
using Kind = PickleNode::Kind;

Result<Pickle> read_program(const std::string& program) {
  return parse_pickle(
      std::as_bytes(std::span(program)),
      [](std::string_view module, std::string_view) { return module == "good"; }, "p.pkl");
}

std::string pickle_error(const std::string& program) {
  const auto pickle = read_program(program);
  EXPECT_FALSE(pickle.ok());
  return pickle.ok() ? "" : pickle.error().message();
}

// pickle.dumps({"a": (1, -2, 300), "b": [True, None]}, 2)
const std::string kTree = std::string(
    "\x80\x02}q\x00(X\x01\x00\x00\x00"
    "aq\x01K\x01J\xfe\xff\xff\xffM,\x01\x87q\x02X\x01\x00\x00\x00"
    "b]q\x03(\x88Neu.",
    42);

TEST(Pickle, ReadsContainers) {
  const auto pickle = read_program(kTree);
  ASSERT_TRUE(pickle.ok()) << pickle.error().message();
  const PickleNode& dict = (*pickle)[pickle->root];
  ASSERT_EQ(dict.kind, Kind::dict);
  ASSERT_EQ(dict.items.size(), 4u);
  EXPECT_EQ((*pickle)[dict.items[0]].text, "a");
  const PickleNode& tuple = (*pickle)[dict.items[1]];
  EXPECT_EQ((*pickle)[tuple.items[1]].integer, -2);
  EXPECT_EQ((*pickle)[tuple.items[2]].integer, 300);
  const PickleNode& list = (*pickle)[dict.items[3]];
  EXPECT_EQ((*pickle)[list.items[0]].kind, Kind::boolean);
  EXPECT_EQ((*pickle)[list.items[1]].kind, Kind::none);
}

TEST(Pickle, ACallIsNotedNotMade) {
  const std::string program = "cgood\nThing\n)R}b.";
  const auto pickle = read_program(program);
  ASSERT_TRUE(pickle.ok()) << pickle.error().message();
  const PickleNode& call = (*pickle)[pickle->root];
  ASSERT_EQ(call.kind, Kind::call);
  EXPECT_EQ((*pickle)[call.callee].name, "Thing");
  EXPECT_EQ((*pickle)[call.state].kind, Kind::dict);
}

TEST(Pickle, AnyOtherClassIsRefusedByName) {
  EXPECT_EQ(pickle_error("cposix\nsystem\n(X\x02\0\0\0lstR."),
            "p.pkl asks for posix.system, which is no part of a model's weights; nothing but tensors is read "
            "from a "
            "pickle");
  EXPECT_THAT(pickle_error(std::string("\x80\x04\x8c\x08"
                                       "builtins\x8c\x04"
                                       "eval\x93.")),
              HasSubstr("builtins.eval"));
}

TEST(Pickle, EveryCutIsNoticed) {
  for (size_t size = 0; size < kTree.size(); ++size)
    EXPECT_THAT(pickle_error(kTree.substr(0, size)), HasSubstr("cut off"));
}

TEST(Pickle, BrokenProgramsAreNoticed) {
  EXPECT_THAT(pickle_error("."), HasSubstr("its stack is empty"));
  EXPECT_THAT(pickle_error("t."), HasSubstr("a mark is missing"));
  EXPECT_THAT(pickle_error("(."), HasSubstr("its stack is empty"));
  EXPECT_THAT(pickle_error("N(0."), HasSubstr("its stack is empty"));
  EXPECT_THAT(pickle_error("}(Nu."), HasSubstr("a key has no value"));
  EXPECT_THAT(pickle_error("NNa."), HasSubstr("holds nothing"));
  EXPECT_THAT(pickle_error("N)R."), HasSubstr("no function"));
  EXPECT_THAT(pickle_error("NNb."), HasSubstr("no object"));
  EXPECT_THAT(pickle_error("h\x01."), HasSubstr("never made"));
  EXPECT_THAT(pickle_error("NN\x93."), HasSubstr("no text"));
  EXPECT_THAT(pickle_error("I1\n."),
              HasSubstr("an instruction that torch does not write, code 73 at byte 0"));
}

TEST(Pickle, MemoryIsBounded) {
  EXPECT_THAT(pickle_error(std::string(2 << 20, 'N')), HasSubstr("more than 1048576"));
}

}  // namespace
}  // namespace elanus::io
