#include "store_local/mirror.h"

#include <sys/stat.h>

#include <algorithm>
#include <bit>

#include "store_local/rows.h"

namespace elanus::store_local {
namespace {

// A reader makes a new file only when that saves the next process more than it costs this one.
bool worth_a_new_file(int64_t missing, int64_t covered) { return missing >= covered / 4; }

// So many changes since it was written cost more at every start than a new file once.
bool outdated(const MappedIndex& index, const Version& now) {
  return now.touched - index.touched(now) >= std::max<int64_t>(index.covered() / 8, 1024);
}

Result<std::vector<int64_t>> read_dead(Connection& connection, int64_t after, int64_t last) {
  Statement select = TRY(connection.prepare("SELECT slot FROM dead WHERE seq > ? AND seq <= ?"));
  select.bind(1, after).bind(2, last);
  std::vector<int64_t> slots;
  while (TRY(select.step())) slots.push_back(select.integer(0));
  return slots;
}

// While many batches come, the file grows by this share of itself: a thousand small segments are slow to look
// through.
constexpr int64_t kShareOfExtent = 64;

// Lists are made anew when there are so many times the rows they have.
constexpr double kListsGrowth = 1.5;

uint64_t dead_rows(const Part& part) {
  uint64_t dead = 0;
  if (part.dead)
    for (const uint64_t word : *part.dead) dead += static_cast<uint64_t>(std::popcount(word));
  return dead;
}

// Whether these are lists of the kind that is wanted, whatever rows they have.
bool suits(const ListsBytes& lists, const IndexSpec& spec) {
  if (spec.kind == IndexSpec::Kind::ivf_flat) return !lists.coded && lists.spread.size() == spec.nlist;
  return lists.coded && (spec.kind == IndexSpec::Kind::automatic || spec.kind == IndexSpec::Kind::lists);
}

std::shared_ptr<const MappedLists> lists_of(const MappedIndex& index) {
  auto mapped = std::make_shared<MappedLists>();
  const ListsBytes& bytes = *index.lists;
  mapped->starts.push_back(0);
  for (size_t i = 0; i < bytes.segments; ++i)
    if (const size_t rows = index.image.segments[i].slots.size(); rows > 0)
      mapped->starts.push_back(mapped->starts.back() + rows);
  mapped->frame = index.frame_of_lists();
  mapped->guard = index.lists_guard;
  mapped->owner = index.file;
  mapped->lists = {index.image.header.dim, bytes.centres,  bytes.spread,
                   bytes.covariance,       bytes.begin,    bytes.bodies,
                   mapped->frame.get(),    mapped->starts, mapped->guard.get()};
  return mapped;
}

}  // namespace

Result<Mirror::Snapshot> Mirror::begin(Connection& connection) {
  // The transaction begins under the lock, so that no other thread can be ahead of what it sees.
  std::lock_guard lock(view_mutex_);
  Transaction transaction = TRY(Transaction::begin_read(connection));
  const Version version = TRY(read_version(connection));
  if (!view_ || view_->version != version) TRY(refresh(connection, version));
  return Snapshot{std::move(transaction), view_};
}

Result<void> Mirror::refresh(Connection& connection, const Version& version) {
  const bool went_back = view_ && !version.continues(view_->version);
  const bool file_may_help = version.slot - covered_ >= least_segment(identity_.schema.dim) && file_changed();
  auto view = !view_ || went_back || file_may_help ? load(connection, version) : advance(connection, version);
  if (!view.ok()) {
    view_ = nullptr;  // the tail may hold rows of a version that was not reached
    return std::move(view).error();
  }
  view->version = version;
  view->rows = rows_of(view->parts);
  view_ = std::make_shared<const View>(std::move(*view));
  return {};
}

Result<View> Mirror::load(Connection& connection, const Version& version) {
  TRY(expect_model(connection, identity_));
  const auto index = map(connection, TRY(History::read(connection)));
  View view;
  int64_t dead_from = version.dead;
  covered_ = index ? index->covered() : 0;
  seen_file_ = {};
  static_cast<void>(::stat(files_.index.c_str(), &seen_file_));
  for (size_t i = 0; index && i < index->image.segments.size(); ++i) {
    const Segment& segment = index->image.segments[i];
    dead_from = std::min(dead_from, segment.dead);
    if (segment.slots.empty()) continue;
    view.parts.push_back({segment.slots,
                          segment.ids,
                          segment.values,
                          index->file,
                          nullptr,
                          segment.codes.empty() ? nullptr : index->frame_of(i),
                          segment.codes,
                          index->guards[i],
                          segment.columns,
                          {}});
  }
  view.covered = covered_;
  view.spec = TRY(read_index_spec(connection));
  if (index && index->lists && suits(*index->lists, view.spec)) view.lists = lists_of(*index);
  mark_dead(view.parts, TRY(read_dead(connection, dead_from, version.dead)));
  TRY(read_changes(connection, index ? index->touched(version) : version.touched, version, view));
  tail_ = nullptr;
  TRY(read_tail(connection, covered_, version.slot, view.parts));
  return view;
}

Result<View> Mirror::advance(Connection& connection, const Version& version) {
  View view;
  view.covered = view_->covered;
  view.lists = view_->lists;
  view.spec = view_->spec;
  view.parts = view_->parts;
  view.touched = view_->touched;
  TRY(read_changes(connection, view_->version.touched, version, view));
  TRY(read_tail(connection, view_->version.slot, version.slot, view.parts));
  mark_dead(view.parts, TRY(read_dead(connection, view_->version.dead, version.dead)));
  return view;
}

Result<void> Mirror::read_changes(Connection& connection, int64_t after, const Version& version, View& view) {
  if (view.touched && after == version.touched) return {};
  auto touched = std::make_shared<Touched>(view.touched ? *view.touched : Touched());
  if (after < version.touched)
    TRY(read_touched(connection, after, version.touched,
                     [&](int64_t slot, const store::Picture& known) { (*touched)[slot] = known; }));
  view.touched = std::move(touched);
  return {};
}

Result<void> Mirror::read_tail(Connection& connection, int64_t after, int64_t last,
                               std::vector<Part>& parts) {
  tail_shown_ = tail_ != nullptr;
  const uint32_t dim = identity_.schema.dim;
  TRY(read_rows(connection, dim, after, last, [&](const StoredRow& row) {
    if (!tail_ || tail_->full()) {
      show_tail(parts);
      tail_ = std::make_shared<Chunk>(dim, least_segment(dim));
      tail_shown_ = false;
    }
    tail_->add(row);
  }));
  show_tail(parts);
  return {};
}

void Mirror::show_tail(std::vector<Part>& parts) {
  if (!tail_) return;
  Part part = Chunk::part(tail_);
  if (tail_shown_) {
    if (const auto& dead = parts.back().dead) {
      Bits bits = *dead;
      bits.resize(part.slots.size() / 64 + 1);
      part.dead = std::make_shared<const Bits>(std::move(bits));
    }
    parts.back() = std::move(part);
  } else {
    parts.push_back(std::move(part));
  }
  tail_shown_ = true;
}

bool Mirror::file_changed() const {
  struct stat info {};
  if (::stat(files_.index.c_str(), &info) != 0) return false;
  return info.st_dev != seen_file_.st_dev || info.st_ino != seen_file_.st_ino ||
         info.st_size != seen_file_.st_size;
}

void Mirror::distrust(const View& view) {
  std::lock_guard lock(view_mutex_);
  std::lock_guard file_lock(file_mutex_);
  distrusted_ = true;
  // Another thread may have been here first.
  if (view_.get() == &view) view_ = nullptr;
}

std::optional<MappedIndex> Mirror::map(Connection& connection, const History& history) {
  std::lock_guard lock(file_mutex_);
  const auto known = [&] { return mapped_ && !distrusted_ ? &*mapped_ : nullptr; };
  const auto look = [&] {
    mapped_ = map_index(files_, identity_, history, known(), distrusted_);
    extended_to_ = mapped_ ? mapped_->covered() : 0;
    return extended_to_.load();
  };
  const int64_t covered = look();
  const int64_t missing = history.now().slot - covered;
  const bool anew = mapped_ && outdated(*mapped_, history.now());
  if ((missing < least_segment(identity_.schema.dim) && !anew) || cannot_extend_) return mapped_;
  if (!writer_ && !anew && !worth_a_new_file(missing, covered)) return mapped_;
  const MappedIndex* append = writer_ && mapped_ && !anew ? &*mapped_ : nullptr;
  cannot_extend_ = !extend_index(connection, files_, identity_, history, append).ok();
  look();
  return mapped_;
}

void Mirror::forget() {
  std::lock_guard lock(view_mutex_);
  view_ = nullptr;
}

Result<bool> Mirror::settle(Connection& connection, const std::function<bool(uint64_t, uint64_t)>& go_on) {
  const auto view = TRY(begin(connection)).view;
  std::vector<Part> parts;
  uint64_t rows = 0, living = 0;
  for (const Part& part : view->parts) {
    if (part.slots.back() > view->covered) break;
    parts.push_back(part);
    rows += part.slots.size();
    living += part.slots.size() - dead_rows(part);
  }
  const bool coded = view->spec.kind != IndexSpec::Kind::ivf_flat;
  if (!view->spec.wants_lists(living) || living == 0 || (coded && parts.back().frame == nullptr))
    return false;
  if (view->lists &&
      static_cast<double>(rows) < kListsGrowth * static_cast<double>(view->lists->starts.back()))
    return false;
  for (const Part& part : parts)
    if (!part.guard->all_sound()) {
      distrust(*view);
      return false;
    }
  const auto frame = coded ? parts.back().frame : nullptr;
  const auto count = coded ? std::min<uint64_t>(index::list_count(living), living) : view->spec.nlist;
  base::ThreadPool pool;
  const index::ListPlan plan{static_cast<uint32_t>(count), identity_.schema.dim, frame.get()};
  const auto lists = TRY(index::gather(rows_of(parts), plan, pool, go_on));
  {
    std::lock_guard lock(file_mutex_);
    if (!mapped_ || mapped_->covered() != view->covered || (coded && mapped_->frames.empty()))
      return Error(ErrorKind::busy, "library.idx changed meanwhile; try again");
    TRY(append_lists(files_, *mapped_, lists, identity_.schema.dim, view->covered, coded));
  }
  forget();
  return true;
}

int64_t Mirror::missing(int64_t last_slot, Extent extent) const {
  const int64_t covered = extended_to_.load(), least = least_segment(identity_.schema.dim);
  const int64_t enough = extent == Extent::all ? least : std::max(least, covered / kShareOfExtent);
  return last_slot - covered >= enough && !cannot_extend_ ? last_slot - covered : 0;
}

void Mirror::extend(Connection& connection, int64_t last_slot, Extent extent) {
  if (missing(last_slot, extent) == 0) return;
  const auto transaction = Transaction::begin_read(connection);
  if (!transaction.ok()) return;
  const auto history = History::read(connection);
  if (history.ok()) map(connection, *history);
}

}  // namespace elanus::store_local
