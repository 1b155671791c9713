// HTML's character references in text, as Python's html.unescape reads them (what CLIP's own clean-up calls).
#pragma once
#include <string>
#include <string_view>

namespace elanus::clip {

// "&amp;", "&eacute;", "&#233;", "&#xE9;", with the final semicolon optional where HTML5 allows that; what is
// no reference stays. Input and output are UTF-8; the output is at most 1.5 times as long. Thread-safety:
// pure.
std::string unescape_html(std::string_view text);

}  // namespace elanus::clip
