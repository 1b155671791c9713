#include "store_milvus/place.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace elanus::store_milvus {
namespace {

using testing::HasSubstr;
using testing::Not;

Place parsed(const std::string& uri) {
  auto place = parse_place(uri);
  if (place.ok()) return *place;
  ADD_FAILURE() << place.error().message();
  return {};
}

std::string refused(const std::string& uri) {
  const auto place = parse_place(uri);
  if (place.ok()) {
    ADD_FAILURE() << uri << " was accepted";
    return "";
  }
  EXPECT_EQ(place.error().kind(), ErrorKind::invalid_argument);
  return place.error().message();
}

TEST(Place, ReadsEveryPart) {
  const Place place = parsed(
      "milvus://me:p%40ss%3a%2f@db.example.org:443/photos/holidays?tls=1&ca=/etc/my%20ca.pem&name=milvus"
      "&consistency=bounded&index=ivf_flat&nlist=512&nprobe=16&timeout=5");
  EXPECT_EQ(place.user, "me");
  EXPECT_EQ(place.password, "p@ss:/");
  EXPECT_EQ(place.host, "db.example.org");
  EXPECT_EQ(place.port, 443);
  EXPECT_EQ(place.database, "photos");
  EXPECT_EQ(place.collection, "holidays");
  EXPECT_TRUE(place.tls);
  EXPECT_EQ(place.ca_file, "/etc/my ca.pem");
  EXPECT_EQ(place.server_name, "milvus");
  EXPECT_EQ(place.consistency, Consistency::bounded);
  EXPECT_EQ(place.index, "IVF_FLAT");
  EXPECT_EQ(place.index_parameters, (Parameters{{"nlist", 512}}));
  EXPECT_EQ(place.search_parameters, (Parameters{{"nprobe", 16}}));
  EXPECT_EQ(place.call_timeout, std::chrono::seconds(5));
}

TEST(Place, MostPartsHaveDefaults) {
  const Place place = parsed("milvus://localhost/pictures");
  EXPECT_EQ(place.port, 19530);
  EXPECT_EQ(place.database, "");
  EXPECT_EQ(place.collection, "pictures");
  EXPECT_FALSE(place.tls);
  EXPECT_EQ(place.index, "AUTOINDEX");
  EXPECT_EQ(place.authorization(), "");
  EXPECT_EQ(parsed("milvus://[::1]:1/x").host, "[::1]");
}

TEST(Place, SaysWhatIsWrong) {
  EXPECT_THAT(refused("http://localhost/x"), HasSubstr("milvus://"));
  EXPECT_THAT(refused("milvus:///x"), HasSubstr("no host"));
  EXPECT_THAT(refused("milvus://localhost"), HasSubstr("no collection"));
  EXPECT_THAT(refused("milvus://localhost/my-pictures"), HasSubstr("'my-pictures'"));
  EXPECT_THAT(refused("milvus://localhost/1/2/3"), HasSubstr("no name"));
  EXPECT_THAT(refused("milvus://localhost:70000/x"), HasSubstr("'70000'"));
  EXPECT_THAT(refused("milvus://localhost:/x:y"), HasSubstr("no name"));
  EXPECT_THAT(refused("milvus://[::1/x"), HasSubstr("']'"));
  EXPECT_THAT(refused("milvus://localhost/x?tls=maybe"), HasSubstr("tls=maybe"));
  EXPECT_THAT(refused("milvus://localhost/x?ca=/my.pem"), HasSubstr("tls=1"));
  EXPECT_THAT(refused("milvus://localhost/x?nlist=0"), HasSubstr("nlist=0"));
  EXPECT_THAT(refused("milvus://localhost/x?consistency=weak"), HasSubstr("eventually"));
  EXPECT_THAT(refused("milvus://localhost/x?shards=2"), HasSubstr("'shards' is unknown"));
  EXPECT_THAT(refused("milvus://localhost/x?ca=%4"), HasSubstr("hexadecimal"));
}

TEST(Place, NeverShowsCredentials) {
  const Place place = parsed("milvus://ann:secret1@localhost/x");
  EXPECT_THAT(place.shown(), Not(HasSubstr("ann")));
  EXPECT_THAT(place.shown(), Not(HasSubstr("secret1")));
  for (const char* uri :
       {"milvus://ann:secret1@localhost", "milvus://ann:secret1%zz@h/x", "milvus://ann:secret1@h:x/x",
        "milvus://ann:secret1@h/x?no", "milvus://:secret1@h/x"})
    EXPECT_THAT(refused(uri), Not(HasSubstr("secret1"))) << uri;
}

TEST(Place, AuthorizationIsBase64) {
  EXPECT_EQ(parsed("milvus://root:Milvus@h/x").authorization(), "cm9vdDpNaWx2dXM=");
  Place place = parsed("milvus://h/x");
  place.token = "key";
  EXPECT_EQ(place.authorization(), "a2V5");
}

TEST(Place, TheTokenCanLieInAFile) {
  const auto file = std::filesystem::temp_directory_path() / ("elanus-token-" + std::to_string(::getpid()));
  Place place = parsed("milvus://h/x?token_file=" + file.native());
  EXPECT_EQ(load_token(place).error().kind(), ErrorKind::not_found);
  std::ofstream(file) << "db_admin:xyz\r\nsecond line\n";
  ASSERT_TRUE(load_token(place).ok());
  EXPECT_EQ(place.token, "db_admin:xyz");
  std::ofstream(file) << "\n";
  EXPECT_THAT(load_token(place).error().message(), HasSubstr("empty"));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace elanus::store_milvus
