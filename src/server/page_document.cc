#include "server/page_document.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/base64.h"
#include "io/digest.h"

namespace elanus::server {
namespace {

using Assets = std::span<const Asset>;

Result<std::string_view> page_file(Assets assets, std::string_view name) {
  for (const Asset& asset : assets)
    if (asset.name.starts_with("page/") && asset.name.substr(5) == name) return asset.bytes;
  return Error(ErrorKind::not_found, "the page has no file " + std::string(name));
}

// What stands between `before` and `after`; nothing when `text` does not have that form.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t begin = text.starts_with(before) ? before.size() : std::string_view::npos;
  const size_t end = begin == std::string_view::npos ? begin : text.find(after, begin);
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin);
}

std::string variable_of(std::string_view module) {
  std::string name = "module_";
  for (const char c : module.substr(0, module.find('.'))) name += c == '-' ? '_' : c;
  return name;
}

class Joined {
 public:
  explicit Joined(Assets assets) : assets_(assets) {}
  std::string text;

  Result<void> add(const std::string& module) {
    if (done_.contains(module)) return {};
    if (!begun_.insert(module).second)
      return Error(ErrorKind::unsupported, module + " imports itself, by way of others");
    std::string_view rest = TRY(page_file(assets_, module));
    std::string body, names;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.starts_with("import "))
        body += TRY(base::within(module, import(line)));
      else if (line.starts_with("export "))
        body += TRY(base::within(module, exported(line, names)));
      else
        body += line;
      body += '\n';
    }
    text += "const " + variable_of(module) + " = (() => {\n" + body + "return { " + names + " };\n})();\n";
    done_.insert(module);
    return {};
  }

 private:
  Result<std::string> import(std::string_view line) {
    const std::string_view all = between(line, "import * as ", " from \"./");
    const std::string_view some = between(line, "import {", "} from \"./");
    const size_t from = line.find(" from \"./");
    const std::string_view name = between(line.substr(std::min(from, line.size())), " from \"./", "\";");
    if (name.empty() || all.empty() == some.empty() || some.find(" as ") != std::string_view::npos)
      return Error(ErrorKind::unsupported, "a form of import that is not known here: " + std::string(line));
    TRY(add(std::string(name)));
    return "const " + (all.empty() ? "{" + std::string(some) + "}" : std::string(all)) + " = " +
           variable_of(name) + ";";
  }

  static Result<std::string> exported(std::string_view line, std::string& names) {
    const std::string_view declaration = line.substr(std::string_view("export ").size());
    for (const std::string_view kind : {"const ", "function ", "async function ", "class "}) {
      if (!declaration.starts_with(kind)) continue;
      const std::string_view rest = declaration.substr(kind.size());
      names += (names.empty() ? "" : ", ") + std::string(rest.substr(0, rest.find_first_of(" =({")));
      return std::string(declaration);
    }
    return Error(ErrorKind::unsupported, "a form of export that is not known here: " + std::string(line));
  }

  const Assets assets_;
  std::set<std::string> begun_, done_;
};

// Each `open`NAME`close` in the page becomes <tag>content(NAME)</tag>. The hashes of these contents.
template <class Content>
Result<std::string> put_inside(std::string& html, std::string_view open, std::string_view close,
                               const std::string& tag, const Content& content) {
  std::string hashes;
  for (size_t at = 0; (at = html.find(open, at)) != std::string::npos;) {
    const size_t name = at + open.size(), end = html.find(close, name);
    if (end == std::string::npos)
      return Error(ErrorKind::unsupported, "index.html: no end of " + std::string(open));
    const std::string text = TRY(content(html.substr(name, end - name)));
    if (text.find("</") != std::string::npos || text.find("<!--") != std::string::npos)
      return Error(ErrorKind::unsupported, "index.html: '</' or '<!--' would end what is put inside it");
    hashes += " 'sha256-" + base::base64(io::sha256(text)) + "'";
    html.replace(at, end + close.size() - at,
                 "<" + tag + ">" + text + "</" + tag.substr(0, tag.find(' ')) + ">");
  }
  return hashes;
}

}  // namespace

Result<std::string> join_modules(Assets assets, const std::string& entry) {
  Joined joined(assets);
  TRY(joined.add(entry));
  return std::move(joined.text);
}

Result<PageDocument> page_document(Assets assets) {
  PageDocument page{std::string(TRY(page_file(assets, "index.html"))), {}};
  const std::string styles = TRY(put_inside(page.html, "<link rel=\"stylesheet\" href=\"", "\">", "style",
                                            [&](const std::string& name) -> Result<std::string> {
                                              return std::string(TRY(page_file(assets, name)));
                                            }));
  const std::string scripts = TRY(
      put_inside(page.html, "<script type=\"module\" src=\"", "\"></script>", "script type=\"module\"",
                 [&](const std::string& name) { return base::within(name, join_modules(assets, name)); }));
  page.policy = "script-src" + scripts + "; style-src" + styles;
  return page;
}

}  // namespace elanus::server
