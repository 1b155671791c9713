// Python's pickles as data. A pickle is a program that may call anything; here its instructions only build a
// tree: a call is noted, never made, and a class that is not on the caller's list is refused by name.
// Format: Python's Lib/pickletools.py; protocols 2 to 4, the instructions that torch's writers use.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace elanus::io {

struct PickleNode {
  enum class Kind { none, boolean, integer, real, text, tuple, list, dict, global, call, persistent };
  using Id = uint32_t;  // of another node
  static constexpr Id kNone = UINT32_MAX;

  Kind kind = Kind::none;
  int64_t integer = 0;    // boolean, integer
  std::string_view text;  // text; global: the module
  std::string_view name;  // global: the name in it
  std::vector<Id>
      items;          // tuple, list; dict, or what was set in a call's result: key, value, key, value, ...
  Id callee = kNone;  // call: a global
  Id args = kNone;    // call: a tuple; persistent: the id
  Id state = kNone;   // call: what __setstate__ would get
};

// A graph: nodes may be shared, and may contain themselves.
struct Pickle {
  std::vector<PickleNode> nodes;
  PickleNode::Id root = PickleNode::kNone;
  const PickleNode& operator[](PickleNode::Id id) const { return nodes[id]; }
};

// Whether a pickle may name this class or function.
using PickleGlobals = bool (*)(std::string_view module, std::string_view name);

// Texts are views into `bytes`. unsupported: a global that `allowed` refuses, an instruction not known here,
// both named; corrupt: a cut-off or contradictory program; too_large: more than 32 MiB or 2^20 nodes.
// Thread-safety: pure.
Result<Pickle> parse_pickle(std::span<const std::byte> bytes, PickleGlobals allowed, const std::string& what);

}  // namespace elanus::io
