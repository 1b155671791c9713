#include "io/pickle.h"

#include "io/pickle_machine.h"

namespace elanus::io {

// Codes by pickletools' names.
Result<void> PickleMachine::step(unsigned char code, size_t position) {
  switch (code) {
    case 0x80:
      return skip(1);  // PROTO
    case 0x95:
      return skip(8);  // FRAME
    case '.':
      return stop();
    case '(':
      marks_.push_back(stack_.size());
      return {};
    case 'N':
      return push({});
    case 0x88:
      return push({.kind = Kind::boolean, .integer = 1});
    case 0x89:
      return push({.kind = Kind::boolean});
    case 'J':
      return push_signed();  // BININT
    case 'K':
      return push_unsigned(1);  // BININT1
    case 'M':
      return push_unsigned(2);  // BININT2
    case 0x8a:
      return push_long();  // LONG1
    case 'G':
      TRY(skip(8));
      return push({.kind = Kind::real});  // BINFLOAT
    case 'X':
      return push_text(4);  // BINUNICODE
    case 0x8c:
      return push_text(1);  // SHORT_BINUNICODE
    case 0x8d:
      return push_text(8);  // BINUNICODE8
    case ')':
      return push({.kind = Kind::tuple});
    case 0x85:
      return sequence(Kind::tuple, 1);
    case 0x86:
      return sequence(Kind::tuple, 2);
    case 0x87:
      return sequence(Kind::tuple, 3);
    case 't':
      return marked(Kind::tuple);
    case ']':
      return push({.kind = Kind::list});
    case 'l':
      return marked(Kind::list);
    case 'a':
      return one(false);  // APPEND
    case 'e': {
      const auto items = TRY(pop_to_mark());
      return extend(items, false);
    }  // APPENDS
    case '}':
      return push({.kind = Kind::dict});
    case 'd':
      return marked(Kind::dict);
    case 's':
      return one(true);  // SETITEM
    case 'u': {
      const auto items = TRY(pop_to_mark());
      return extend(items, true);
    }  // SETITEMS
    case 'c':
      return global();
    case 0x93:
      return stack_global();
    case 'R':
    case 0x81:
      return call();  // REDUCE, NEWOBJ
    case 'b':
      return build();
    case 'Q': {
      const Id id = TRY(pop());
      return push({.kind = Kind::persistent, .args = id});
    }  // BINPERSID
    case 'q':
      return remember(bytes_.take_number(1));  // BINPUT
    case 'r':
      return remember(bytes_.take_number(4));  // LONG_BINPUT
    case 0x94:
      return remember(memo_.size());  // MEMOIZE
    case 'h':
      return recall(bytes_.take_number(1));  // BINGET
    case 'j':
      return recall(bytes_.take_number(4));  // LONG_BINGET
    case '0': {
      TRY(pop());
      return {};
    }  // POP
    default:
      return Error(ErrorKind::unsupported,
                   what_ + ": the pickle has an instruction that torch does not write, code " +
                       std::to_string(code) + " at byte " + std::to_string(position));
  }
}

Result<Pickle> parse_pickle(std::span<const std::byte> bytes, PickleGlobals allowed,
                            const std::string& what) {
  constexpr size_t max_bytes = size_t{32} << 20;
  if (bytes.size() > max_bytes)
    return Error(ErrorKind::too_large, what + ": expected a pickle of at most " + std::to_string(max_bytes) +
                                           " bytes, found " + std::to_string(bytes.size()));
  return PickleMachine(bytes, allowed, what).run();
}

}  // namespace elanus::io
