// Certificates, credentials, cancellation, overload and refused rows, with a server of our own that does just
// these.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "store_milvus/layout.h"
#include "store_milvus/milvus_collection.h"
#include "store_milvus/protocol.h"
#include "store_milvus/test_server.h"

namespace elanus::store_milvus {
namespace {

using testing::HasSubstr;
using testing::Not;

Place place_at(const TestServer& server, const std::string& options = "", const std::string& user = "") {
  return parse_place("milvus://" + user + "127.0.0.1:" + std::to_string(server.port()) + "/db/x" + options)
      .value();
}

// A certificate of our own for the name milvus.test.
class Certificates {
 public:
  Certificates() {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
        "/CN=milvus.test -addext subjectAltName=DNS:milvus.test -keyout " +
        key_.native() + " -out " + certificate_.native() + " 2>/dev/null";
    made = std::system(command.c_str()) == 0;
  }
  ~Certificates() {
    std::filesystem::remove(key_);
    std::filesystem::remove(certificate_);
  }
  std::shared_ptr<grpc::ServerCredentials> server() const {
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({text(key_), text(certificate_)});
    return grpc::SslServerCredentials(options);
  }
  std::string ca() const { return certificate_.native(); }
  bool made = false;

 private:
  static std::string text(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  const std::filesystem::path folder_ = std::filesystem::temp_directory_path();
  const std::filesystem::path key_ = folder_ / ("elanus-tls-key-" + std::to_string(::getpid()));
  const std::filesystem::path certificate_ = folder_ / ("elanus-tls-" + std::to_string(::getpid()));
};

TEST(Tls, TrustsTheGivenCertificateAndNoOther) {
  const Certificates certificates;
  ASSERT_TRUE(certificates.made) << "openssl is needed: scripts/packages.sh test";
  const TestServer server(certificates.server());
  Options quick;
  quick.patience.contact = std::chrono::milliseconds(1500);
  const auto good =
      MilvusCollection::exists(place_at(server, "?tls=1&name=milvus.test&ca=" + certificates.ca()), quick);
  ASSERT_TRUE(good.ok()) << good.error().message();
  EXPECT_FALSE(*good);
  EXPECT_FALSE(MilvusCollection::exists(place_at(server, "?tls=1&name=milvus.test"), quick).ok())
      << "not a CA of the system";
  EXPECT_FALSE(
      MilvusCollection::exists(place_at(server, "?tls=1&name=other.test&ca=" + certificates.ca()), quick)
          .ok());
  EXPECT_FALSE(MilvusCollection::exists(place_at(server), quick).ok()) << "no TLS";
  EXPECT_EQ(MilvusCollection::exists(place_at(server, "?tls=1&ca=/nowhere.pem"), quick).error().kind(),
            ErrorKind::not_found);
}

TEST(Credentials, AreSentWithEveryCallAndShownNowhere) {
  TestServer server;
  std::string database;
  server.admit = [&](const TestServer::Headers& headers) {
    const auto found = headers.find("authorization");
    if (const auto name = headers.find("dbname"); name != headers.end())
      database = {name->second.data(), name->second.size()};
    const bool known =
        found != headers.end() && (found->second == "cm9vdDpNaWx2dXM=" || found->second == "a2V5");
    return known ? grpc::Status::OK : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "auth check failure");
  };
  EXPECT_TRUE(MilvusCollection::exists(place_at(server, "", "root:Milvus@")).ok());
  EXPECT_EQ(database, "db");
  Place with_key = place_at(server);
  with_key.token = "key";
  EXPECT_TRUE(MilvusCollection::exists(with_key).ok());
  for (const std::string user : {"", "root:sesame@"}) {
    const auto refused = MilvusCollection::exists(place_at(server, "", user));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind(), ErrorKind::permission);
    EXPECT_THAT(refused.error().message(), Not(HasSubstr("sesame")));
  }
}

TEST(Cancellation, EndsACallThatIsNotAnswered) {
  TestServer server;
  server.silent = true;
  std::stop_source stop;
  Options options;
  options.stop = stop.get_token();
  options.patience.contact = options.patience.call = std::chrono::minutes(5);
  std::thread later([&] {
    while (server.calls == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const auto stopped = MilvusCollection::exists(place_at(server, "?timeout=600"), options);
  later.join();
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().kind(), ErrorKind::cancelled);
}

TEST(Overload, IsWaitedOut) {
  TestServer server;
  std::atomic<int> refusals{3};
  server.handlers["HasCollection"] = [&](const std::string&) {
    pb::BoolResponse reply;
    if (refusals-- > 0) reply.mutable_status()->set_code(kRateLimit);
    reply.set_value(true);
    return reply.SerializeAsString();
  };
  EXPECT_TRUE(MilvusCollection::exists(place_at(server)).value());
  refusals = 1 << 20;
  Options quick;
  quick.patience.restart = std::chrono::milliseconds(200);
  EXPECT_EQ(MilvusCollection::exists(place_at(server), quick).error().kind(), ErrorKind::busy);
}

// As much of a collection as opening and upserting ask for.
void serve_empty_collection(TestServer& server) {
  const auto always = [](const google::protobuf::MessageLite& reply) {
    return [bytes = reply.SerializeAsString()](const std::string&) { return bytes; };
  };
  pb::BoolResponse there;
  there.set_value(true);
  server.handlers["HasCollection"] = always(there);
  pb::DescribeCollectionResponse described;
  *described.mutable_schema() = schema_message("x", 4);
  described.mutable_schema()->set_description(R"({"elanus.format":"1","elanus.model.name":"m"})");
  server.handlers["DescribeCollection"] = always(described);
  pb::DescribeIndexResponse indexes;
  auto& index = *indexes.add_index_descriptions();
  index.set_field_name(kVectorField);
  for (const auto& [key, value] : {std::pair("index_type", "FLAT"), std::pair("metric_type", "IP")}) {
    auto& pair = *index.add_params();
    pair.set_key(key);
    pair.set_value(value);
  }
  server.handlers["DescribeIndex"] = always(indexes);
  pb::GetLoadStateResponse loaded;
  loaded.set_state(kLoaded);
  server.handlers["GetLoadState"] = always(loaded);
  server.handlers["Query"] = [](const std::string& bytes) {
    pb::QueryRequest request;
    request.ParseFromString(bytes);
    pb::QueryResults reply;
    if (request.output_fields_size() == 1 && request.output_fields(0) == "count(*)") {
      auto& field = *reply.add_fields_data();
      field.set_field_name("count(*)");
      field.mutable_scalars()->mutable_long_data()->add_data(0);
    }
    return reply.SerializeAsString();
  };
}

std::vector<store::Item> items(const std::vector<float>& vector, int count) {
  std::vector<store::Item> items(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    items[static_cast<size_t>(i)].vector = vector;
    items[static_cast<size_t>(i)].picture.path = "p" + std::to_string(i) + ".jpg";
  }
  return items;
}

TEST(PartialFailure, NamesTheRowsThatWereRefused) {
  TestServer server;
  serve_empty_collection(server);
  server.handlers["Upsert"] = [](const std::string&) {
    pb::MutationResult result;
    result.add_err_index(1);
    result.add_err_index(3);
    return result.SerializeAsString();
  };
  auto collection = MilvusCollection::open(place_at(server), OpenMode::read_write);
  ASSERT_TRUE(collection.ok()) << collection.error().message();
  EXPECT_EQ((*collection)->schema().model.name, "m");
  const std::vector<float> vector{1, 0, 0, 0};
  const auto refused = (*collection)->upsert(items(vector, 5));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("2 rows were refused: row 1 (p1.jpg), row 3 (p3.jpg)"));
}

TEST(PartialFailure, SaysHowManyRowsAreWritten) {
  TestServer server;
  serve_empty_collection(server);
  int messages = 0;
  server.handlers["Upsert"] = [&](const std::string&) {
    pb::MutationResult result;
    if (++messages == 2) result.mutable_status()->set_code(1);
    result.mutable_status()->set_reason("disk full");
    return result.SerializeAsString();
  };
  const auto collection = MilvusCollection::open(place_at(server), OpenMode::read_write).value();
  const std::vector<float> vector{1, 0, 0, 0};
  const auto refused = collection->upsert(items(vector, 10'000));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(),
              testing::AllOf(HasSubstr("the first 8192 of 10000 rows"), HasSubstr("disk full")));
}

size_t entries(const char* folder) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(Connections, NeedNoVersion) {
  TestServer server;
  server.unknown = "GetVersion";
  const auto there = MilvusCollection::exists(place_at(server));
  EXPECT_TRUE(there.ok()) << there.error().message();
}

TEST(Connections, LeaveNoThreadAndNoDescriptorBehind) {
  TestServer server;
  serve_empty_collection(server);
  const auto open_and_close = [&] {
    ASSERT_TRUE(MilvusCollection::open(place_at(server), OpenMode::read_only).ok());
  };
  for (int i = 0; i < 5; ++i) open_and_close();
  const size_t threads = entries("/proc/self/task"), files = entries("/proc/self/fd");
  for (int i = 0; i < 50; ++i) open_and_close();
  EXPECT_LE(entries("/proc/self/task"), threads + 4) << "gRPC's own pool may grow a little";
  EXPECT_LE(entries("/proc/self/fd"), files + 4);
}

}  // namespace
}  // namespace elanus::store_milvus
