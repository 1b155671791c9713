#include "io/download.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "io/descriptor.h"
#include "io/digest.h"
#include "io/file.h"
#include "io/http.h"
#include "io/json.h"

namespace elanus::io {
namespace fs = std::filesystem;

namespace {

std::string header(const HttpHeaders& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string unquoted(std::string etag) {
  if (etag.starts_with("W/")) etag.erase(0, 2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return etag;
}

// The digest by which the asked host knows the content; only of the hub is it known that its ETags are
// digests.
std::string digest_of(const HttpHeaders& first) {
  if (header(first, "x-repo-commit").empty()) return "";
  for (const char* name : {"x-linked-etag", "etag"})
    if (const std::string tag = unquoted(header(first, name)); is_digest(tag)) return tag;
  return "";
}

uint64_t number(std::string_view text) {
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Error refusal(int status, const std::string& host, const Download& what) {
  const std::string file = "\n  " + what.url;
  switch (status) {
    case 401:
      return {ErrorKind::permission, host +
                                         (what.bearer.empty() ? " wants a token; set HF_TOKEN"
                                                              : " does not accept the token in HF_TOKEN") +
                                         file};
    case 403:
      return {ErrorKind::permission,
              host + " refuses (403): the token may lack the right, or the model's conditions " +
                  "must first be accepted on its page" + file};
    case 404:
      return {ErrorKind::not_found, host + " has no such file (404)" + file};
    case 429:
      return {ErrorKind::io, host + " asks to wait: too many requests (429); try again later" + file};
    default:
      return {ErrorKind::io, host + " answered " + std::to_string(status) + "; try again later" + file};
  }
}

// The beginning of a file and what it is the beginning of.
class Part {
 public:
  explicit Part(const fs::path& to) : path_(to.native() + ".part"), note_(to.native() + ".part.json") {}

  // How much can be kept of what an earlier call left, if the host still has the content of etag().
  uint64_t resumable(const std::string& url) {
    std::error_code error;
    const uint64_t size = fs::file_size(path_, error);
    if (error) return 0;
    const auto text = read_text(note_, size_t{1} << 16);
    const auto note = text.ok() ? parse_json(*text, note_.string()) : Result<nlohmann::json>(text.error());
    if (!note.ok() || !note->is_object() || note->value("url", nlohmann::json()) != url) return 0;
    const auto etag = note->value("etag", nlohmann::json());
    etag_ = etag.is_string() ? etag.get<std::string>() : "";
    return etag_.empty() ? 0 : size;
  }
  const std::string& etag() const { return etag_; }
  const fs::path& path() const { return path_; }

  // Opens it at `at`, dropping what is behind. Only a strong ETag can promise the same bytes later.
  Result<void> open(uint64_t at, const std::string& url, const std::string& etag) {
    etag_ = etag.starts_with('"') ? etag : "";
    TRY(write_text_atomic(note_, nlohmann::json{{"url", url}, {"etag", etag_}}.dump()));
    file_.emplace(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    if (file_->get() < 0 || ::ftruncate(file_->get(), static_cast<off_t>(at)) != 0 ||
        ::lseek(file_->get(), 0, SEEK_END) < 0)
      return base::errno_error("cannot write " + path_.string(), errno);
    return {};
  }
  Result<void> append(std::span<const std::byte> bytes) {
    if (!write_all(file_->get(), bytes)) return base::errno_error("cannot write " + path_.string(), errno);
    return {};
  }
  Result<void> finish(const fs::path& to) {
    if (::fsync(file_->get()) != 0 || !file_->close() || ::rename(path_.c_str(), to.c_str()) != 0)
      return base::errno_error("cannot write " + to.string(), errno);
    ::unlink(note_.c_str());
    return sync_folder(folder_of(to));
  }
  void remove() {
    ::unlink(path_.c_str());
    ::unlink(note_.c_str());
  }

 private:
  fs::path path_, note_;
  std::string etag_;
  std::optional<Descriptor> file_;
};

// One connection's worth of a download.
struct Attempt {
  const Download& what;
  const OnBytes& on_bytes;
  Part& part;
  uint64_t from = 0;  // where this connection was asked to begin
  uint64_t done = 0, total = 0;
  std::optional<Error> error{};
  bool cancelled = false;
  bool outdated = false;  // the host has another content than the part is of

  bool begin(const HttpAnswer& answer) {
    if (answer.status != 200 && answer.status != 206) return true;
    const uint64_t length = number(header(answer.last, "content-length"));
    const std::string range = header(answer.last, "content-range");
    const bool continued = answer.status == 206 && range.starts_with("bytes " + std::to_string(from) + "-");
    if (answer.status == 206 && !continued) {
      error = Error(ErrorKind::io, answer.host + " sent another part of the file than was asked: " + range);
      return false;
    }
    const std::string etag = header(answer.last, "etag");
    outdated = continued && !etag.empty() && etag != part.etag();
    if (outdated) return false;
    done = continued ? from : 0;
    total = length == 0 ? 0 : done + length;
    std::error_code unknown;
    const auto room = fs::space(folder_of(what.to), unknown).available;
    if (!unknown && length > room) {
      error = Error(ErrorKind::no_space, "the disk of " + what.to.parent_path().string() + " has " +
                                             std::to_string(room >> 20) + " MiB left, " +
                                             std::to_string(length >> 20) + " MiB are needed");
      return false;
    }
    return keep(part.open(done, what.url, etag));
  }
  bool take(const HttpAnswer& answer, std::span<const std::byte> bytes) {
    if (answer.status != 200 && answer.status != 206) return true;  // an error's page
    if (!keep(part.append(bytes))) return false;
    done += bytes.size();
    return go_on();
  }
  bool go_on() {
    cancelled = cancelled || !on_bytes(done, total);
    return !cancelled;
  }
  bool keep(const Result<void>& result) {
    if (!result.ok()) error = result.error();
    return result.ok();
  }
};

Result<Downloaded> check_and_name(const Download& what, Part& part, const HttpAnswer& answer,
                                  uint64_t bytes) {
  const std::string digest = what.digest.empty() ? digest_of(answer.first) : what.digest;
  if (!digest.empty() && !TRY(has_digest(part.path(), digest))) {
    part.remove();
    return Error(ErrorKind::corrupt, what.to.filename().string() + " from " + answer.host +
                                         " is not what it should be (its checksum is not " + digest +
                                         "); it was thrown away, try again");
  }
  TRY(part.finish(what.to));
  return Downloaded{bytes, digest, header(answer.first, "x-repo-commit")};
}

}  // namespace

Result<Downloaded> download(const Download& what, const OnBytes& on_bytes) {
  Part part(what.to);
  constexpr int kConnections = 100;
  std::optional<Error> broke;
  for (int connection = 0; connection < kConnections; ++connection) {
    const uint64_t from = part.resumable(what.url);
    Attempt attempt{what, on_bytes, part, from, from};
    HttpAnswer seen;
    const HttpHandler handler{
        .on_answer =
            [&](const HttpAnswer& answer) {
              seen = answer;
              return attempt.begin(answer);
            },
        .on_body = [&](std::span<const std::byte> bytes) { return attempt.take(seen, bytes); },
        .go_on = [&] { return attempt.go_on(); }};
    const auto answer = http_get({what.url, what.bearer, from, part.etag()}, handler);
    if (attempt.error) return *attempt.error;
    if (attempt.cancelled) return Error(ErrorKind::cancelled, "stopped; the next pull goes on from here");
    if (attempt.outdated || (answer.ok() && answer->status == 416)) {
      part.remove();
      continue;
    }
    if (!answer.ok()) {
      if (answer.error().kind() != ErrorKind::io || attempt.done <= from) return answer.error();
      broke = answer.error();
      continue;
    }
    if (answer->status != 200 && answer->status != 206) return refusal(answer->status, answer->host, what);
    return check_and_name(what, part, *answer, attempt.done);
  }
  return broke ? *broke : Error(ErrorKind::io, what.url + " cannot be resumed");
}

}  // namespace elanus::io
