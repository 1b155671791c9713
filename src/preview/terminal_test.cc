#include "preview/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <map>

namespace elanus::preview {
namespace {

using Variables = std::map<std::string, std::string>;

Environment of(Variables variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

// A terminal of 100 x 40 cells of 12 x 25 pixels.
class TerminalTest : public testing::Test {
 protected:
  void SetUp() override {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(master_, 0);
    ASSERT_EQ(::grantpt(master_), 0);
    ASSERT_EQ(::unlockpt(master_), 0);
    slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
    ASSERT_GE(slave_, 0);
    const winsize size{40, 100, 1200, 1000};
    ASSERT_EQ(::ioctl(slave_, TIOCSWINSZ, &size), 0);
  }
  void TearDown() override {
    ::close(slave_);
    ::close(master_);
  }
  Graphics graphics(Variables variables) { return terminal_of(slave_, of(std::move(variables)))->graphics; }

  int master_ = -1, slave_ = -1;
};

TEST_F(TerminalTest, HasItsSizeInCellsAndPixels) {
  const auto terminal = terminal_of(slave_, of({}));
  EXPECT_EQ(terminal->columns, 100u);
  EXPECT_EQ(terminal->cell_width, 12u);
  EXPECT_EQ(terminal->cell_height, 25u);
}

TEST_F(TerminalTest, IsKnownByWhatItSets) {
  EXPECT_EQ(graphics({{"TERM", "xterm-256color"}}), Graphics::blocks);
  EXPECT_EQ(graphics({{"TERM", "xterm-kitty"}}), Graphics::kitty);
  EXPECT_EQ(graphics({{"TERM_PROGRAM", "ghostty"}}), Graphics::kitty);
  EXPECT_EQ(graphics({{"TERM_PROGRAM", "iTerm.app"}}), Graphics::iterm2);
  EXPECT_EQ(graphics({{"TERM_PROGRAM", "WezTerm"}}), Graphics::iterm2);
  EXPECT_EQ(graphics({{"TERM", "foot"}}), Graphics::sixel);
  EXPECT_EQ(graphics({{"TERM", "tmux-256color"}, {"KITTY_WINDOW_ID", "1"}}), Graphics::blocks);
}

TEST_F(TerminalTest, TheWishOfTheUserCounts) {
  EXPECT_EQ(graphics({{"TERM", "xterm-kitty"}, {"ELANUS_PREVIEW", "blocks"}}), Graphics::blocks);
  EXPECT_EQ(terminal_of(slave_, of({{"ELANUS_PREVIEW", "kity"}})).error().message(),
            "ELANUS_PREVIEW is 'kity'; expected blocks, kitty, iterm2 or sixel");
}

TEST(NoTerminal, GetsBlocks) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const auto terminal = terminal_of(pipe[1], of({{"TERM", "xterm-kitty"}}));
  EXPECT_EQ(terminal->graphics, Graphics::blocks);
  EXPECT_EQ(terminal->columns, 120u);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

}  // namespace
}  // namespace elanus::preview
