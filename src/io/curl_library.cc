#include "io/curl_library.h"

#include <dlfcn.h>

#include <string>

namespace elanus::io {
namespace {

Result<CurlLibrary> load() {
  void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return Error(ErrorKind::unsupported,
                 std::string("downloads need libcurl (Debian package libcurl4): ") + ::dlerror());
  CurlLibrary curl;
  bool whole = true;
  const auto find = [&]<class Function>(Function& function, const char* name) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    whole = whole && function != nullptr;
  };
  decltype(&curl_global_init) global_init = nullptr;
  find(global_init, "curl_global_init");
  find(curl.init, "curl_easy_init");
  find(curl.set, "curl_easy_setopt");
  find(curl.perform, "curl_easy_perform");
  find(curl.info, "curl_easy_getinfo");
  find(curl.cleanup, "curl_easy_cleanup");
  find(curl.error, "curl_easy_strerror");
  find(curl.append, "curl_slist_append");
  find(curl.free_list, "curl_slist_free_all");
  if (!whole || global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return Error(ErrorKind::unsupported, "the libcurl on this machine cannot be used");
  return curl;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Result<CurlLibrary> loaded = load();
  if (!loaded.ok()) return loaded.error();
  return &*loaded;
}

}  // namespace elanus::io
