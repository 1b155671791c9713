// A real Milvus for tests: the server that MILVUS_URI names, else a Milvus Lite of our own, started on a free
// port of 127.0.0.1 with its data in a temporary folder, and ended with the test program.
// scripts/milvus_lite.sh installs it.
#pragma once
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

namespace elanus::tests {

inline uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

inline bool accepts(uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool connected = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

class MilvusServer {
 public:
  // Nothing, and why in `missing()`, where there is no Milvus to test with.
  static MilvusServer& instance() {
    static MilvusServer server;
    return server;
  }
  static std::string program() {
    const char* named = std::getenv("MILVUS_LITE");
    return named ? named : ELANUS_SOURCE_DIR "/build/milvus_lite/bin/milvus-lite";
  }

  const std::string& missing() const { return missing_; }

  // "milvus://127.0.0.1:1234/NAME?…"
  std::string uri(const std::string& collection, const std::string& options) const {
    const size_t question = base_.find('?');
    return base_.substr(0, question) + "/" + collection +
           (question == std::string::npos ? "?" : base_.substr(question) + "&") + options;
  }

  void start() {
    child_ = ::fork();
    if (child_ == 0) {
      ::setpgid(0, 0);
      const int log = ::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
      ::dup2(log, 1);
      ::dup2(log, 2);
      const std::string port = std::to_string(port_), data = (folder_ / "data").native(), path = program();
      ::execl(path.c_str(), path.c_str(), "server", "--data-dir", data.c_str(), "--host", "127.0.0.1",
              "--port", port.c_str(), nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 600 && !accepts(port_); ++i) {
      if (::waitpid(child_, nullptr, WNOHANG) == child_) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    if (!accepts(port_))
      missing_ = "SKIPPED: " + program() + " does not start; see " + (folder_ / "log").native();
  }
  void kill() {
    if (child_ <= 0) return;
    ::kill(-child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  // Whether kill() and start() mean anything: the server is ours.
  bool ours() const { return child_ > 0; }

 private:
  MilvusServer() {
    if (const char* uri = std::getenv("MILVUS_URI")) {
      base_ = uri;
      return;
    }
    if (::access(program().c_str(), X_OK) != 0) {
      missing_ = "SKIPPED: no Milvus to test with; scripts/milvus_lite.sh installs one, or set MILVUS_URI";
      return;
    }
    std::string pattern = (std::filesystem::temp_directory_path() / "elanus-milvus-XXXXXX").native();
    folder_ = ::mkdtemp(pattern.data());
    port_ = free_port();
    base_ = "milvus://127.0.0.1:" + std::to_string(port_);
    start();
  }
  ~MilvusServer() {
    kill();
    std::error_code error;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, error);
  }

  std::string base_, missing_;
  std::filesystem::path folder_;
  uint16_t port_ = 0;
  pid_t child_ = 0;
};

}  // namespace elanus::tests
