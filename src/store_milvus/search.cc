#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "store/metric.h"
#include "store/validate.h"
#include "store_milvus/expression.h"
#include "store_milvus/state.h"
#include "store_milvus/text.h"

namespace elanus::store_milvus {
namespace {

using store::Hit;
using store::Metric;

// |length - 1| of a unit vector that was rounded to half floats: 2^-11 of each value, and 2^-25 where they
// are subnormal.
constexpr double kLengthError = 0x1p-11 + 256 * 0x1p-25;

// The dot product of the unit query with the stored vector, from the server's score and the stored vector's
// length.
double dot_of(Metric metric, double score, double norm) {
  switch (metric) {
    case Metric::cosine:
      return score * norm;
    case Metric::ip:
      return score;
    case Metric::l2:
      return (1 + norm * norm - score) / 2;
  }
  return score;
}

// The most that a record can have that the server ranked behind one with this score.
double best_behind(Metric metric, double score) {
  return std::max(dot_of(metric, score, 1 - kLengthError), dot_of(metric, score, 1 + kLengthError));
}

template <class Request>
void parameter(Request& request, const char* key, const std::string& value) {
  auto& pair = *request.add_search_params();
  pair.set_key(key);
  pair.set_value(value);
}

pb::SearchRequest search_request(const Session& session, std::span<const float> unit,
                                 const std::string& expression, uint32_t rows) {
  const Layout& layout = session.layout;
  auto request = session.request<pb::SearchRequest>();
  pb::PlaceholderGroup group;
  auto& placeholder = *group.add_placeholders();
  placeholder.set_tag("$0");
  placeholder.set_type(kFloatVector);
  placeholder.add_values(unit.data(), unit.size_bytes());
  request.set_placeholder_group(group.SerializeAsString());
  request.set_dsl(expression);
  request.set_dsl_type(kBoolExpression);
  request.set_nq(1);
  for (const auto& field : layout.fields)
    if (field != layout.key_field) request.add_output_fields(field);
  if (!layout.has_norm) request.add_output_fields(layout.vector_field);
  parameter(request, "anns_field", layout.vector_field);
  parameter(request, "topk", std::to_string(rows));
  std::string metric = store::to_string(layout.schema.metric);
  std::transform(metric.begin(), metric.end(), metric.begin(),
                 [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  parameter(request, "metric_type", layout.schema.metric == Metric::l2 ? "L2" : metric);
  parameter(request, "params", nlohmann::json(session.place.search_parameters).dump());
  session.demand(Freshness::chosen, request);
  return request;
}

bool is_better(const Hit& a, const Hit& b) {
  return a.cosine != b.cosine ? a.cosine > b.cosine : a.id < b.id;
}

struct Found {
  std::vector<Hit> hits;  // best first, equal ones by id
  double behind = 0;      // no record that is not here has more
  bool all = false;       // there are no others
};

Result<Found> ask(const Session& session, std::span<const float> unit, const std::string& expression,
                  uint32_t rows) {
  const Layout& layout = session.layout;
  const auto answer =
      TRY(session.read<pb::SearchResults>("Search", search_request(session, unit, expression, rows)));
  const pb::SearchResultData& data = answer.results();
  const auto count = static_cast<size_t>(data.scores_size());
  const auto keys = static_cast<size_t>(layout.text_key ? data.ids().str_id().data_size()
                                                        : data.ids().int_id().data_size());
  if (keys != count)
    return Error(ErrorKind::corrupt, session.place.shown() + ": the server's answer has " +
                                         std::to_string(count) + " scores for " + std::to_string(keys) +
                                         " records");
  Found found;
  found.all = count < rows;
  if (count == 0) return found;
  const auto columns = TRY(Columns::read(data.fields_data(), count));
  for (size_t row = 0; row < count; ++row) {
    const int at = static_cast<int>(row);
    const std::string key =
        layout.text_key ? data.ids().str_id().data(at) : std::to_string(data.ids().int_id().data(at));
    Hit hit{layout.text_key ? key_of(key) : data.ids().int_id().data(at), 0,
            columns.picture(row, from_utf8(key))};
    double length = columns.real(kNormField, row).value_or(1);
    double dot = dot_of(layout.schema.metric, data.scores(at), length);
    // Others' vectors may have any length, and no field that tells it.
    if (const auto stored = columns.vector(layout.vector_field, row, layout.schema.dim); !stored.empty()) {
      double sum = 0, squares = 0;
      for (size_t d = 0; d < stored.size(); ++d) {
        sum += double{stored[d]} * unit[d];
        squares += double{stored[d]} * stored[d];
      }
      dot = squares > 0 ? sum / std::sqrt(squares) : 0;
    }
    hit.cosine = static_cast<float>(std::clamp(dot, -1.0, 1.0));
    found.hits.push_back(std::move(hit));
  }
  found.behind = best_behind(layout.schema.metric, data.scores(static_cast<int>(count) - 1));
  std::sort(found.hits.begin(), found.hits.end(), is_better);
  return found;
}

// The `limit` best of the records that `expression` keeps.
Result<std::vector<Hit>> best(const Session& session, std::span<const float> unit,
                              const std::string& expression, uint32_t limit) {
  // The server cuts equal scores anywhere, and its scores rank rounded lengths too: some more are asked for,
  // until none that was left out can be among the best. Few at first, because each row is work for the
  // server, and more with the limit, because far down the list scores stand closer together.
  for (uint32_t rows = std::min(kMaxWindow, limit + 2 + limit / 16);; rows = std::min(kMaxWindow, rows * 2)) {
    Found found = TRY(ask(session, unit, expression, rows));
    const bool certain =
        found.all || rows == kMaxWindow || found.behind < double{found.hits[limit - 1].cosine};
    if (!certain) continue;
    if (found.hits.size() > limit) found.hits.resize(limit);
    return std::move(found.hits);
  }
}

// The ids of the records that `filter` keeps, of those that the condition keeps.
Result<std::vector<int64_t>> matching_ids(const Session& session, const Condition& condition,
                                          const store::Filter& filter) {
  std::vector<int64_t> ids;
  TRY(visit_records(session, condition.text, [&](const store::Record& record) {
    if (store::matches(filter, record.id, record.picture)) ids.push_back(record.id);
    return true;
  }));
  return ids;
}

}  // namespace

Result<std::vector<Hit>> MilvusCollection::search(std::span<const float> query,
                                                  const store::SearchParams& params) const {
  const Session& session = state_->session;
  TRY(store::check_search(query, params, session.layout.schema.dim));
  const std::vector<float> unit = store::normalized(query);
  if (store::is_everything(params.filter)) return best(session, unit, "", params.limit);
  if (!session.layout.ours)
    return Error(ErrorKind::unsupported, session.place.shown() +
                                             " was not made by elanus, so that it lacks the fields that " +
                                             "filters ask about; search it without a filter");
  const Condition condition = condition_of(params.filter);
  if (condition.keeps == Condition::Keeps::nothing) return std::vector<Hit>();
  if (condition.exact) return best(session, unit, condition.text, params.limit);
  // What the server cannot say is decided here, and then searched by id.
  const std::vector<int64_t> ids = TRY(matching_ids(session, condition, params.filter));
  std::vector<Hit> hits;
  for (size_t begin = 0; begin < ids.size(); begin += kMaxWindow) {
    const auto some = std::span(ids).subspan(begin, std::min<size_t>(kMaxWindow, ids.size() - begin));
    auto found = TRY(best(session, unit, "id in " + list_of(some), params.limit));
    hits.insert(hits.end(), std::move_iterator(found.begin()), std::move_iterator(found.end()));
  }
  std::sort(hits.begin(), hits.end(), is_better);
  if (hits.size() > params.limit) hits.resize(params.limit);
  return hits;
}

}  // namespace elanus::store_milvus
