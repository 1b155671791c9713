// Which function answers which method and path.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "server/http.h"

namespace elanus::server {

struct Route {
  std::string method, pattern;  // "GET", "/v1/images/{id}/thumb": at most one {id}, an integer
  // An Error becomes a problem.
  std::function<Result<Response>(const Request& request, int64_t id)> answer;
  bool open = false;  // needs no key
};

class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }

  struct Found {
    const Route* route = nullptr;  // none: not found, or only with other methods
    int64_t id = 0;
    std::string allowed;  // the methods of this path, "GET, POST"; empty when there is no such path
  };
  Found find(const std::string& method, const std::string& path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace elanus::server
