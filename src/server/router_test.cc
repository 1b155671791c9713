#include "server/router.h"

#include <gtest/gtest.h>

namespace elanus::server {
namespace {

Router router() {
  Router router;
  const auto nothing = [](const Request&, int64_t) -> Result<Response> { return Response{}; };
  router.add({"GET", "/v1/images", nothing});
  router.add({"POST", "/v1/images", nothing});
  router.add({"GET", "/v1/images/{id}", nothing});
  router.add({"GET", "/v1/images/{id}/thumb", nothing});
  return router;
}

TEST(Router, FindsByMethodAndPath) {
  const Router routes = router();
  EXPECT_EQ(routes.find("POST", "/v1/images").route->method, "POST");
  const auto found = routes.find("GET", "/v1/images/-42/thumb");
  ASSERT_TRUE(found.route);
  EXPECT_EQ(found.id, -42);
  EXPECT_EQ(found.route->pattern, "/v1/images/{id}/thumb");
}

TEST(Router, SaysWhichMethodsThereAre) {
  const auto found = router().find("DELETE", "/v1/images");
  EXPECT_FALSE(found.route);
  EXPECT_EQ(found.allowed, "GET, POST");
  EXPECT_EQ(router().find("GET", "/v1/image").allowed, "");
}

TEST(Router, AnIdHasOneSpelling) {
  for (const char* id :
       {"", "x", "1x", "007", "+1", "-0", " 1", "1.0", "9223372036854775808", "..", "1/2", "%31"})
    EXPECT_FALSE(router().find("GET", std::string("/v1/images/") + id).route) << id;
  EXPECT_EQ(router().find("GET", "/v1/images/9223372036854775807").id, 9223372036854775807);
  EXPECT_FALSE(router().find("GET", "/v1/images//thumb").route);
}

}  // namespace
}  // namespace elanus::server
