#include "cli/arguments.h"

#include <gmock/gmock.h>

#include "cli/main.h"

namespace elanus::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::variant<Command, ParseExit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "elanus");
  return parse_arguments(static_cast<int>(arguments.size()), arguments.data());
}

template <class Options>
Options parsed(std::vector<const char*> arguments) {
  auto result = parse(std::move(arguments));
  if (auto* exit = std::get_if<ParseExit>(&result)) ADD_FAILURE() << exit->err << exit->out;
  return std::get<Options>(std::get<Command>(result));
}

ParseExit refused(std::vector<const char*> arguments) { return std::get<ParseExit>(parse(std::move(arguments))); }

TEST(Arguments, Search) {
  const auto options = parsed<SearchOptions>({"search", "a", "white dog", "-k", "5", "--store", "file:x", "--json"});
  EXPECT_THAT(options.words, ElementsAre("a", "white dog"));
  EXPECT_EQ(options.top, 5u);
  EXPECT_EQ(options.where.store, "file:x");
  EXPECT_TRUE(options.json);
  EXPECT_EQ(parsed<SearchOptions>({"search", "x"}).top, 10u);
}

TEST(Arguments, EmbedKeepsTheOrderOfTextsAndImages) {
  const auto options = parsed<EmbedOptions>(
      {"embed", "--text", "one", "--image", "two.jpg", "--text", "three", "--text", "-four", "--image", "five.png"});
  std::vector<std::string> values;
  for (const auto& input : options.inputs) values.push_back((input.is_image ? "image " : "text ") + input.value);
  EXPECT_THAT(values, ElementsAre("text one", "image two.jpg", "text three", "text -four", "image five.png"));
}

TEST(Arguments, IndexTakesManyPathsAndRepeatedOptions) {
  const auto options = parsed<IndexOptions>({"index", "a", "--exclude-dir", "x", "b", "--exclude-dir", "y", "--csv", "c.csv"});
  EXPECT_THAT(options.paths, ElementsAre("a", "b"));
  EXPECT_THAT(options.exclude_dirs, ElementsAre("x", "y"));
  EXPECT_EQ(options.csv, "c.csv");
}

TEST(Arguments, ModelActions) {
  EXPECT_EQ(parsed<ModelOptions>({"model", "list"}).action, ModelOptions::Action::list);
  const auto import = parsed<ModelOptions>({"model", "import", "folder", "--name", "mine"});
  EXPECT_EQ(import.action, ModelOptions::Action::import);
  EXPECT_EQ(import.folder, "folder");
  EXPECT_EQ(import.name, "mine");
  EXPECT_EQ(parsed<ModelOptions>({"model", "rm", "mine"}).action, ModelOptions::Action::remove);
}

TEST(Arguments, WrongCallsSayWhatIsWrong) {
  EXPECT_EQ(refused({}).code, kWrongCall);
  EXPECT_EQ(refused({"search", "x", "--tpo", "5"}).code, kWrongCall);
  EXPECT_THAT(refused({"search", "x", "--tpo", "5"}).err, HasSubstr("--tpo"));
  EXPECT_EQ(refused({"search", "x", "-k", "0"}).code, kWrongCall);
  EXPECT_EQ(refused({"search", "x", "-k", "many"}).code, kWrongCall);
  EXPECT_EQ(refused({"eval"}).code, kWrongCall);
  EXPECT_EQ(refused({"nonsense"}).code, kWrongCall);
}

TEST(Arguments, HelpAndVersionAreNoFailures) {
  EXPECT_EQ(refused({"--version"}).code, kDone);
  EXPECT_THAT(refused({"--version"}).out, StartsWith("elanus 0."));
  const auto help = refused({"search", "--help"});
  EXPECT_EQ(help.code, kDone);
  EXPECT_THAT(help.out, HasSubstr("Example:"));
}

}  // namespace
}  // namespace elanus::cli
