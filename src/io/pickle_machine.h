// The stack machine behind parse_pickle. Private to pickle.cc, which has the table of instructions.
#pragma once
#include <cstring>
#include <optional>
#include <unordered_map>
#include <vector>

#include "io/byte_cursor.h"
#include "io/pickle.h"

namespace elanus::io {

// One run over a program.
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> bytes, PickleGlobals allowed, const std::string& what)
      : bytes_(bytes), allowed_(allowed), what_(what) {}

  Result<Pickle> run() {
    while (!stopped_) {
      const size_t at = bytes_.at();
      const auto code = bytes_.take(1);
      if (!code) return cut_off();
      TRY(step(static_cast<unsigned char>((*code)[0]), at));
      if (pickle_.nodes.size() > max_nodes)
        return Error(ErrorKind::too_large,
                     what_ + ": the pickle makes more than " + std::to_string(max_nodes) + " objects");
    }
    return std::move(pickle_);
  }

 private:
  using Node = PickleNode;
  using Kind = Node::Kind;
  using Id = Node::Id;
  static constexpr size_t max_nodes = size_t{1} << 20;

  Error cut_off() const { return {ErrorKind::corrupt, what_ + ": the pickle is cut off"}; }
  Error broken(const std::string& why) const {
    return {ErrorKind::corrupt, what_ + ": the pickle is damaged: " + why};
  }

  Node& at(Id id) { return pickle_.nodes[id]; }
  Id add(Node node) {
    pickle_.nodes.push_back(std::move(node));
    return static_cast<Id>(pickle_.nodes.size() - 1);
  }
  Result<void> push(Node node) {
    stack_.push_back(add(std::move(node)));
    return {};
  }
  Result<Id> pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back()))
      return broken("its stack is empty");
    const Id id = stack_.back();
    stack_.pop_back();
    return id;
  }
  Result<std::vector<Id>> pop_to_mark() {
    if (marks_.empty()) return broken("a mark is missing");
    std::vector<Id> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  Result<Id> pop_text() {
    const Id id = TRY(pop());
    if (at(id).kind != Kind::text) return broken("a name is no text");
    return id;
  }

  Result<void> push_text(size_t length_bytes) {
    const auto length = bytes_.take_number(length_bytes);
    const auto text = length ? bytes_.take(*length) : std::nullopt;
    if (!text) return cut_off();
    return push({.kind = Kind::text, .text = *text});
  }
  Result<void> push_unsigned(size_t size) {
    const auto value = bytes_.take_number(size);
    if (!value) return cut_off();
    return push({.kind = Kind::integer, .integer = static_cast<int64_t>(*value)});
  }
  Result<void> push_signed() {
    const auto value = bytes_.take_number(4);
    if (!value) return cut_off();
    return push({.kind = Kind::integer, .integer = static_cast<int32_t>(*value)});
  }
  // Two's complement of any length; only what fits 64 bits means anything to us.
  Result<void> push_long() {
    const auto length = bytes_.take_number(1);
    const auto digits = length ? bytes_.take(*length) : std::nullopt;
    if (!digits) return cut_off();
    if (digits->size() > 8) return push({.kind = Kind::real});
    uint64_t value = 0;
    std::memcpy(&value, digits->data(), digits->size());
    const size_t unused = 64 - 8 * digits->size();
    const int64_t number = unused == 64 ? 0 : static_cast<int64_t>(value << unused) >> unused;
    return push({.kind = Kind::integer, .integer = number});
  }
  Result<void> push_global(std::string_view module, std::string_view name) {
    if (!allowed_(module, name))
      return Error(ErrorKind::unsupported,
                   what_ + " asks for " + std::string(module) + "." + std::string(name) +
                       ", which is no part of a model's weights; nothing but tensors is read from a pickle");
    return push({.kind = Kind::global, .text = module, .name = name});
  }
  Result<void> global() {
    const auto module = bytes_.take_line(), name = module ? bytes_.take_line() : std::nullopt;
    if (!name) return cut_off();
    return push_global(*module, *name);
  }
  Result<void> stack_global() {
    const Id name = TRY(pop_text()), module = TRY(pop_text());
    return push_global(at(module).text, at(name).text);
  }
  Result<void> sequence(Kind kind, size_t count) {
    std::vector<Id> items(count);
    for (size_t i = count; i-- > 0;) items[i] = TRY(pop());
    return push({.kind = kind, .items = std::move(items)});
  }
  Result<void> marked(Kind kind) {
    std::vector<Id> items = TRY(pop_to_mark());
    if (kind == Kind::dict && items.size() % 2 != 0) return broken("a key has no value");
    return push({.kind = kind, .items = std::move(items)});
  }
  // Adds to the list, dictionary or object on top.
  Result<void> extend(const std::vector<Id>& items, bool pairs) {
    if (pairs && items.size() % 2 != 0) return broken("a key has no value");
    const Id target = TRY(pop());
    if (at(target).kind != Kind::call && at(target).kind != (pairs ? Kind::dict : Kind::list))
      return broken("something is added to what holds nothing");
    at(target).items.insert(at(target).items.end(), items.begin(), items.end());
    stack_.push_back(target);
    return {};
  }
  Result<void> one(bool pair) {
    const Id value = TRY(pop());
    if (!pair) return extend({value}, false);
    const Id key = TRY(pop());
    return extend({key, value}, true);
  }
  Result<void> call() {
    const Id args = TRY(pop()), callee = TRY(pop());
    if (at(callee).kind != Kind::global || at(args).kind != Kind::tuple)
      return broken("it calls what is no function");
    return push({.kind = Kind::call, .callee = callee, .args = args});
  }
  Result<void> build() {
    const Id state = TRY(pop()), target = TRY(pop());
    if (at(target).kind != Kind::call) return broken("it fills what is no object");
    at(target).state = state;
    stack_.push_back(target);
    return {};
  }
  Result<void> remember(std::optional<uint64_t> index) {
    if (!index) return cut_off();
    if (stack_.empty()) return broken("its stack is empty");
    memo_[*index] = stack_.back();
    return {};
  }
  Result<void> recall(std::optional<uint64_t> index) {
    if (!index) return cut_off();
    const auto found = memo_.find(*index);
    if (found == memo_.end()) return broken("it refers to what it never made");
    stack_.push_back(found->second);
    return {};
  }
  Result<void> skip(uint64_t count) {
    if (!bytes_.take(count)) return cut_off();
    return {};
  }
  Result<void> stop() {
    pickle_.root = TRY(pop());
    stopped_ = true;
    return {};
  }

  // Executes the instruction `code`, which stood at `position`.
  Result<void> step(unsigned char code, size_t position);

  ByteCursor bytes_;
  PickleGlobals allowed_;
  const std::string& what_;
  bool stopped_ = false;
  Pickle pickle_;
  std::vector<Id> stack_;
  std::vector<size_t> marks_;  // sizes of the stack
  std::unordered_map<uint64_t, Id> memo_;
};

}  // namespace elanus::io
