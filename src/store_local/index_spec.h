// How a collection is searched, as its owner wishes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace elanus::store_local {

struct IndexSpec {
  enum class Kind {
    automatic,  // codes; lists of codes from kListsFrom records on
    flat,       // every vector is compared
    coded,      // codes of all vectors are read, however many there are
    lists,      // lists of codes also of fewer
    ivf_flat,   // nlist lists; the vectors of the nprobe nearest are compared: what FAISS and Milvus call
                // IVF_FLAT
  };
  Kind kind = Kind::automatic;
  uint32_t nlist = 512, nprobe = 16;  // ivf_flat
  bool operator==(const IndexSpec&) const = default;

  bool wants_lists(uint64_t records) const;
};

constexpr uint64_t kListsFrom = 2'000'000;

// "auto", "flat", "coded", "lists", "ivf_flat,nlist=512,nprobe=16" and the reverse, in which nlist (1..65536)
// and nprobe (1..65536) may be left out. invalid_argument says what there is.
std::string to_string(const IndexSpec& spec);
Result<IndexSpec> parse_index_spec(std::string_view text);

}  // namespace elanus::store_local
