// Which rows of a view a filter keeps: read off the columns beside the vectors, where the filter compares
// what they have; asked of SQLite for the rest.
#pragma once
#include "base/thread_pool.h"
#include "store_local/readers.h"
#include "store_local/view.h"

namespace elanus::store_local {

// `view` and `reader` are of one snapshot. The filter has passed store::check_filter. With a pool, parts are
// looked at on several threads. Rows of damaged columns are left out, and the view says that it is damaged.
Result<Kept> rows_kept_by(const store::Filter& filter, const View& view, Reader& reader,
                          base::ThreadPool* pool);

}  // namespace elanus::store_local
