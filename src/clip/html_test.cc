#include "clip/html.h"

#include <gtest/gtest.h>

namespace elanus::clip {
namespace {

// Each expectation is what Python's html.unescape gives.
TEST(Html, ReferencesBecomeCharacters) {
  for (const auto& [text, expected] : {
           std::pair("plain", "plain"),
           std::pair("a &amp; b", "a & b"),
           std::pair("&lt;b&gt;&quot;&apos;&#39;&#x27;", "<b>\"'''"),
           std::pair("caf&eacute; caf&eacute", "caf\u00e9 caf\u00e9"),
           std::pair("&notit; &notin;", "\u00acit; \u2209"),
           std::pair("&CounterClockwiseContourIntegral;", "\u2233"),
           std::pair("&#128;&#0;&#xD800;&#99999999999;", "\u20ac\ufffd\ufffd\ufffd"),
           std::pair("a&#1;b&#xFFFF;c", "abc"),
           std::pair("& &; &# &#; &#x; &zz; &am", "& &; &# &#; &#x; &zz; &am"),
           std::pair("&amp;amp;", "&amp;"),
           std::pair("&#128054;!", "\U0001f436!"),
       })
    EXPECT_EQ(unescape_html(text), expected) << text;
}

}  // namespace
}  // namespace elanus::clip
