// The page as one document. In the tree its modules and styles stand apart; a browser gets them in one
// answer, because each request costs it more time than these bytes do (bench/results/server.md).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "server/asset.h"

namespace elanus::server {

struct PageDocument {
  std::string html;
  std::string policy;  // for Content-Security-Policy: the hashes of its script and styles, nothing else runs
};

// page/index.html with what it links to from page/ inside: each <link rel="stylesheet" href="…"> and
// <script type="module" src="…">. not_found: a file is missing. unsupported: a module has a form of import or
// export that join_modules() does not know.
Result<PageDocument> page_document(std::span<const Asset> assets);

// `entry` ("app.js") and all it imports as one script: each module a function that is called once, after
// those that it imports. Known are `import * as name`, `import { names }`, and `export` before const,
// function, async function or class; each on a line of its own, from "./other.js".
Result<std::string> join_modules(std::span<const Asset> assets, const std::string& entry);

}  // namespace elanus::server
