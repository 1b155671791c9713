#include "store_local/index_spec.h"

#include <charconv>
#include <optional>

#include "index/lists.h"

namespace elanus::store_local {
namespace {

using Kind = IndexSpec::Kind;

constexpr std::pair<Kind, std::string_view> kNames[] = {{Kind::automatic, "auto"},
                                                        {Kind::flat, "flat"},
                                                        {Kind::coded, "coded"},
                                                        {Kind::lists, "lists"},
                                                        {Kind::ivf_flat, "ivf_flat"}};

std::optional<uint32_t> count_of(std::string_view text) {
  uint32_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 1 || value > index::kMaxLists)
    return std::nullopt;
  return value;
}

}  // namespace

bool IndexSpec::wants_lists(uint64_t records) const {
  switch (kind) {
    case Kind::automatic:
      return records >= kListsFrom;
    case Kind::lists:
      return records > 0;
    case Kind::ivf_flat:
      return records >= nlist;
    case Kind::flat:
    case Kind::coded:
      return false;
  }
  return false;
}

std::string to_string(const IndexSpec& spec) {
  std::string text;
  for (const auto& [kind, name] : kNames)
    if (kind == spec.kind) text = name;
  if (spec.kind == Kind::ivf_flat)
    text += ",nlist=" + std::to_string(spec.nlist) + ",nprobe=" + std::to_string(spec.nprobe);
  return text;
}

Result<IndexSpec> parse_index_spec(std::string_view text) {
  const Error unknown(ErrorKind::invalid_argument, "'" + std::string(text) +
                                                       "' is no index; there are auto, flat, coded, lists "
                                                       "and ivf_flat,nlist=N,nprobe=M (N and M 1 to 65536)");
  const size_t comma = std::min(text.find(','), text.size());
  IndexSpec spec;
  bool known = false;
  for (const auto& [kind, name] : kNames)
    if (name == text.substr(0, comma)) {
      spec.kind = kind;
      known = true;
    }
  if (!known) return unknown;
  for (std::string_view rest = text.substr(comma); !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(one.size());
    const size_t sign = std::min(one.find('='), one.size());
    const auto value = count_of(one.substr(std::min(sign + 1, one.size())));
    const std::string_view name = one.substr(0, sign);
    if (spec.kind != Kind::ivf_flat || !value || (name != "nlist" && name != "nprobe")) return unknown;
    (name == "nlist" ? spec.nlist : spec.nprobe) = *value;
  }
  return spec;
}

}  // namespace elanus::store_local
