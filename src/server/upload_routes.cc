#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "ingest/ingest.h"
#include "io/json.h"
#include "io/path_json.h"
#include "server/multipart.h"
#include "server/picture_json.h"
#include "server/problem.h"
#include "server/routes.h"

namespace elanus::server {
namespace {

struct Sent {
  std::string name;  // the client's
  std::string_view bytes;
};

struct Form {
  std::vector<Sent> pictures;
  std::string label;
};

Result<Form> read_form(const Request& request) {
  const std::string type = request.header("Content-Type").value_or("");
  Form form;
  if (!type.starts_with("multipart/form-data")) {
    form.pictures.push_back({"", request.body});
    return form;
  }
  for (const auto& part : TRY(parse_multipart(request.body, type))) {
    if (part.is_file)
      form.pictures.push_back({part.filename, part.content});
    else if (part.name == "label")
      form.label = part.content;
    else
      return Error(ErrorKind::invalid_argument,
                   "unknown field '" + part.name.substr(0, 100) + "'; there are files, and label");
  }
  if (form.pictures.empty()) return Error(ErrorKind::invalid_argument, "the form has no file");
  return form;
}

// What the client said of it goes into the record that indexing made.
Result<void> describe(store::Collection& collection, store::Record& record, const Sent& sent,
                      const std::string& label) {
  if (sent.name.empty() && label.empty()) return {};
  if (!label.empty()) record.picture.label = label;
  if (!sent.name.empty()) {
    auto attributes = nlohmann::json::object();
    if (auto known = io::parse_json(record.picture.attributes, "attributes");
        known.ok() && known->is_object())
      attributes = std::move(*known);
    attributes["name"] = std::filesystem::path(sent.name).filename().native();
    record.picture.attributes = io::to_text(attributes);
  }
  return collection.update(std::span(&record, 1));
}

Result<nlohmann::json> index_files(Context& context, store::Collection& collection, const Form& form,
                                   const std::vector<Result<std::filesystem::path>>& files) {
  ingest::Options options;
  options.remove_missing = false;
  for (const auto& file : files)
    if (file.ok()) options.roots.push_back(*file);
  const auto report = TRY(ingest::ingest(collection, context.engine.clip(), options));
  std::map<std::string, Error> failed;
  for (const auto& failure : report.failures)
    failed.emplace(failure.path, Error(failure.kind, failure.reason));
  nlohmann::json images = nlohmann::json::array();
  for (size_t i = 0; i < files.size(); ++i) {
    const Sent& sent = form.pictures[i];
    const auto refuse = [&](const Error& error) {
      images.push_back({{"name", sent.name}, {"problem", problem_json(error)}});
    };
    if (!files[i].ok()) {
      refuse(files[i].error());
      continue;
    }
    auto record = TRY(collection.find_by_path(files[i]->native()));
    if (!record) {
      const auto reason = failed.find(files[i]->native());
      refuse(reason != failed.end() ? reason->second : Error(ErrorKind::io, "it was not indexed"));
      std::error_code ignored;
      std::filesystem::remove(*files[i], ignored);
      continue;
    }
    TRY(describe(collection, *record, sent, form.label));
    images.push_back(nlohmann::json::parse(picture_text(record->id, record->picture)));
  }
  return images;
}

Result<Response> add(Context& context, const Request& request) {
  TRY(may_change(context));
  const Form form = TRY(read_form(request));
  std::vector<Result<std::filesystem::path>> files;
  for (const Sent& sent : form.pictures) files.push_back(context.uploads.keep(sent.bytes));
  const Stopwatch watch;
  auto images = TRY(context.library.write(
      [&](store::Collection& collection) { return index_files(context, collection, form, files); }));
  context.metrics.stage("upload", watch.ms());
  size_t added = 0;
  const Error* last = nullptr;
  for (const auto& image : images) added += image.contains("id");
  for (const auto& file : files)
    if (!file.ok()) last = &file.error();
  if (added == 0 && images.size() == 1 && last) return *last;
  if (added == 0 && images.size() == 1) {
    const auto& why = images[0]["problem"];
    Response response = json_response(why, why["status"]);
    response.headers[0].second = "application/problem+json";
    return response;
  }
  return json_response({{"images", std::move(images)}}, added ? 201 : 422);
}

Result<Response> remove(Context& context, int64_t id) {
  TRY(may_change(context));
  const auto record = TRY(context.library.reading().get(id));
  TRY(context.library.write(
      [&](store::Collection& collection) { return collection.erase(std::span(&id, 1)); }));
  // The user's own files are never touched; what was sent here goes with its record.
  std::error_code ignored;
  if (context.uploads.owns(record.picture.path)) std::filesystem::remove(record.picture.path, ignored);
  return Response{.status = 204};
}

}  // namespace

Result<void> may_change(const Context& context) {
  if (!context.options.read_only) return {};
  return Error(ErrorKind::permission, "this server was started with --read-only");
}

void add_upload_routes(Router& router, Context& context) {
  router.add({"POST", "/v1/images", [&](const Request& request, int64_t) { return add(context, request); }});
  router.add({"DELETE", "/v1/images/{id}", [&](const Request&, int64_t id) { return remove(context, id); }});
}

}  // namespace elanus::server
