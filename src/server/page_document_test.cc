#include "server/page_document.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "io/digest.h"

namespace elanus::server {
namespace {

TEST(JoinModules, EachOnceAfterThoseItImports) {
  const Asset files[] = {
      {"page/app.js",
       "import * as b from \"./b.js\";\nimport { one, two } from \"./c.js\";\nb.go(one, two);\n"},
      {"page/b.js", "import { one } from \"./c.js\";\nexport async function go() { return one; }\n"},
      {"page/c.js", "export const one = 1;\nexport const two = () => 2;\nexport class Three {\n}\n"}};
  EXPECT_EQ(
      join_modules(files, "app.js").value(),
      "const module_c = (() => {\nconst one = 1;\nconst two = () => 2;\nclass Three {\n}\n"
      "return { one, two, Three };\n})();\n"
      "const module_b = (() => {\nconst { one } = module_c;\nasync function go() { return one; }\n"
      "return { go };\n})();\n"
      "const module_app = (() => {\nconst b = module_b;\nconst { one, two } = module_c;\nb.go(one, two);\n"
      "return {  };\n})();\n");
}

void refused(std::string_view module, const std::string& why) {
  const Asset files[] = {{"page/app.js", module}, {"page/b.js", "import { x } from \"./app.js\";\n"}};
  const auto joined = join_modules(files, "app.js");
  ASSERT_FALSE(joined.ok()) << module;
  EXPECT_NE(joined.error().message().find(why), std::string::npos) << joined.error().message();
}

TEST(JoinModules, WhatItDoesNotKnowIsNamed) {
  refused("import x from \"./b.js\";", "a form of import");
  refused("import { x as y } from \"./b.js\";", "a form of import");
  refused("import {\n  x } from \"./b.js\";", "a form of import");
  refused("import * as b from \"https://elsewhere.example/b.js\";", "a form of import");
  refused("import { x } from \"./c.js\";", "no file c.js");
  refused("import { x } from \"./b.js\";", "app.js imports itself");
  refused("export default 1;", "a form of export");
  refused("export let x = 1;", "a form of export");
}

TEST(PageDocument, HoldsItsScriptAndStylesAndNamesTheirHashes) {
  const Asset files[] = {{"page/index.html",
                          "<link rel=\"stylesheet\" href=\"a.css\">|<link rel=\"stylesheet\" href=\"b.css\">|"
                          "<script type=\"module\" src=\"app.js\"></script>"},
                         {"page/a.css", "a {}"},
                         {"page/b.css", "b {}"},
                         {"page/app.js", "go();\n"}};
  const auto page = page_document(files).value();
  const std::string script = "const module_app = (() => {\ngo();\nreturn {  };\n})();\n";
  EXPECT_EQ(page.html,
            "<style>a {}</style>|<style>b {}</style>|<script type=\"module\">" + script + "</script>");
  const auto hash = [](std::string_view text) { return " 'sha256-" + base::base64(io::sha256(text)) + "'"; };
  EXPECT_EQ(page.policy, "script-src" + hash(script) + "; style-src" + hash("a {}") + hash("b {}"));
}

TEST(PageDocument, WhatWouldEndAnElementIsRefused) {
  const Asset files[] = {{"page/index.html", "<script type=\"module\" src=\"app.js\"></script>"},
                         {"page/app.js", "const end = \"</script>\";\n"}};
  EXPECT_FALSE(page_document(files).ok());
}

TEST(PageDocument, OurOwnHasNothingOutside) {
  const auto page = page_document(assets()).value();
  for (const char* outside : {"<link rel=\"stylesheet\"", "src=\"app.js\"", "\nimport ", "\nexport "})
    EXPECT_EQ(page.html.find(outside), std::string::npos) << outside;
}

}  // namespace
}  // namespace elanus::server
