// libcurl, loaded when the first connection is made: linked in the usual way it and its 30 libraries would
// cost every command 5 ms at start (docs/decisions/models.md). For io/http.cc alone.
#pragma once
#include <curl/curl.h>

#include "base/result.h"

namespace elanus::io {

struct CurlLibrary {
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) info = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) error = nullptr;
  decltype(&curl_slist_append) append = nullptr;
  decltype(&curl_slist_free_all) free_list = nullptr;
};

// unsupported when the library is not installed. Thread-safety: from any thread; loaded once.
Result<const CurlLibrary*> curl_library();

}  // namespace elanus::io
