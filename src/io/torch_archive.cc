#include "io/torch_archive.h"

#include <algorithm>
#include <iterator>

#include "base/checked.h"
#include "io/pickle.h"
#include "io/zip.h"

namespace elanus::io {
namespace {

using Kind = PickleNode::Kind;
using Id = PickleNode::Id;

struct StorageType {
  std::string_view name;
  std::string_view dtype;
  size_t bytes;
  Dtype kind;
};
constexpr StorageType kStorageTypes[] = {
    {"FloatStorage", "F32", 4, Dtype::f32},      {"HalfStorage", "F16", 2, Dtype::f16},
    {"BFloat16Storage", "BF16", 2, Dtype::bf16}, {"DoubleStorage", "F64", 8, Dtype::other},
    {"LongStorage", "I64", 8, Dtype::other},     {"IntStorage", "I32", 4, Dtype::other},
    {"ShortStorage", "I16", 2, Dtype::other},    {"CharStorage", "I8", 1, Dtype::other},
    {"ByteStorage", "U8", 1, Dtype::other},      {"BoolStorage", "BOOL", 1, Dtype::other},
};

const StorageType* storage_type(std::string_view name) {
  const auto* found = std::find_if(std::begin(kStorageTypes), std::end(kStorageTypes),
                                   [&](const StorageType& type) { return type.name == name; });
  return found == std::end(kStorageTypes) ? nullptr : found;
}

// The modules of a script are classes of its own code, "__torch__.multimodal.model": only their attributes
// are looked at.
bool is_script_class(std::string_view module) {
  return module == "__torch__" || module.starts_with("__torch__.");
}

bool is_allowed(std::string_view module, std::string_view name) {
  if (module == "collections") return name == "OrderedDict";
  if (module == "torch._utils") return name == "_rebuild_tensor_v2" || name == "_rebuild_parameter";
  if (module == "torch") return storage_type(name) != nullptr;
  if (module == "torch.jit._pickle")
    return name == "build_intlist" || name == "build_doublelist" || name == "build_boollist" ||
           name == "build_tensorlist";
  return is_script_class(module);
}

class PickleReader {
 public:
  PickleReader(const Pickle& pickle, const ZipEntries& entries, std::string folder, const std::string& what)
      : pickle_(pickle), entries_(entries), folder_(std::move(folder)), what_(what) {}

  Result<TensorMap> run() {
    Id root = pickle_.root;
    if (const Id inner = value_of(root, "state_dict"); inner != PickleNode::kNone) root = inner;
    TRY(collect(root, "", 0));
    return std::move(tensors_);
  }

 private:
  Error corrupt(const std::string& name, const std::string& why) const {
    return {ErrorKind::corrupt, what_ + ": tensor " + name + ": " + why};
  }
  bool calls(Id id, std::string_view module, std::string_view name) const {
    if (pickle_[id].kind != Kind::call) return false;
    const PickleNode& callee = pickle_[pickle_[id].callee];
    return callee.text == module && callee.name == name;
  }
  const PickleNode& args(Id call) const { return pickle_[pickle_[call].args]; }

  // Keys and values of a dictionary, an OrderedDict, or a script's module; else nothing.
  std::span<const Id> members(Id id) const {
    const PickleNode& node = pickle_[id];
    if (node.kind == Kind::dict || calls(id, "collections", "OrderedDict")) return node.items;
    if (node.kind != Kind::call || node.state == PickleNode::kNone) return {};
    return is_script_class(pickle_[node.callee].text) && pickle_[node.state].kind == Kind::dict
               ? std::span<const Id>(pickle_[node.state].items)
               : std::span<const Id>();
  }
  Id value_of(Id id, std::string_view key) const {
    const auto pairs = members(id);
    for (size_t i = 0; i + 1 < pairs.size(); i += 2)
      if (pickle_[pairs[i]].kind == Kind::text && pickle_[pairs[i]].text == key) return pairs[i + 1];
    return PickleNode::kNone;
  }

  Result<void> collect(Id id, const std::string& name, size_t depth) {
    constexpr size_t max_depth = 32, max_visits = size_t{1} << 20;
    // Shared nodes make a small pickle a huge tree.
    if (depth > max_depth || ++visits_ > max_visits)
      return Error(ErrorKind::too_large, what_ + ": the pickle nests too deep or holds too much at " + name);
    if (calls(id, "torch._utils", "_rebuild_parameter") && !args(id).items.empty())
      return collect(args(id).items[0], name, depth + 1);
    if (calls(id, "torch._utils", "_rebuild_tensor_v2")) {
      if (!tensors_.emplace(name, TRY(tensor(args(id).items, name))).second)
        return corrupt(name, "is there twice");
      return {};
    }
    const auto pairs = members(id);
    for (size_t i = 0; i + 1 < pairs.size(); i += 2)
      if (const PickleNode& key = pickle_[pairs[i]]; key.kind == Kind::text)
        TRY(collect(pairs[i + 1], name.empty() ? std::string(key.text) : name + "." + std::string(key.text),
                    depth + 1));
    return {};
  }

  // Sizes of a tuple of integers.
  Result<std::vector<size_t>> sizes(Id id, const std::string& name) const {
    std::vector<size_t> values;
    for (const Id item : pickle_[id].items) {
      const PickleNode& value = pickle_[item];
      if (value.kind != Kind::integer || value.integer < 0)
        return corrupt(name, "expected sizes, found none");
      values.push_back(static_cast<size_t>(value.integer));
    }
    return values;
  }

  // ("storage", type, key, device, elements)
  Result<std::span<const std::byte>> storage(Id id, const StorageType*& type, const std::string& name) const {
    const auto malformed = [&] { return corrupt(name, "expected a storage, found none"); };
    if (pickle_[id].kind != Kind::persistent) return malformed();
    const auto& parts = pickle_[pickle_[id].args].items;
    if (parts.size() != 5 || pickle_[parts[1]].kind != Kind::global || pickle_[parts[2]].kind != Kind::text)
      return malformed();
    type = pickle_[parts[1]].text == "torch" ? storage_type(pickle_[parts[1]].name) : nullptr;
    if (!type) return malformed();
    return base::within("tensor " + name,
                        stored(entries_, folder_ + "data/" + std::string(pickle_[parts[2]].text), what_));
  }

  // _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)
  Result<TensorView> tensor(std::span<const Id> call, const std::string& name) const {
    if (call.size() < 4 || pickle_[call[1]].kind != Kind::integer || pickle_[call[1]].integer < 0)
      return corrupt(name, "expected storage, offset, size and stride");
    const StorageType* type = nullptr;
    const auto data = TRY(storage(call[0], type, name));
    TensorView view{
        .dtype = type->kind, .dtype_name = std::string(type->dtype), .shape = TRY(sizes(call[2], name))};
    const std::vector<size_t> strides = TRY(sizes(call[3], name));
    if (strides.size() != view.shape.size()) return corrupt(name, "expected a stride for each dimension");
    std::optional<size_t> elements = 1;
    bool row_major = true;
    for (size_t i = view.shape.size(); i-- > 0;) {
      row_major = row_major && (view.shape[i] <= 1 || strides[i] == *elements);
      elements = base::checked_mul(*elements, view.shape[i]);
      if (!elements) return corrupt(name, "shape " + shape_text(view.shape) + " is too large for any memory");
    }
    if (!row_major && *elements != 0)
      return Error(ErrorKind::unsupported,
                   what_ + ": tensor " + name + ": expected row-major order for shape " +
                       shape_text(view.shape) + ", found strides " + shape_text(strides));
    const auto begin = base::checked_mul(static_cast<size_t>(pickle_[call[1]].integer), type->bytes);
    const auto size = base::checked_mul(*elements, type->bytes);
    if (!begin || !size || *begin > data.size() || *size > data.size() - *begin)
      return corrupt(name, "expected " + view.dtype_name + " " + shape_text(view.shape) +
                               " within its storage, found " + std::to_string(data.size()) + " bytes");
    view.data = data.subspan(*begin, *size);
    return view;
  }

  const Pickle& pickle_;
  const ZipEntries& entries_;
  const std::string folder_;
  const std::string& what_;
  size_t visits_ = 0;
  TensorMap tensors_;
};

}  // namespace

Result<TorchArchive> parse_torch_archive(std::span<const std::byte> bytes, const std::string& what) {
  if (bytes.size() >= 2 && bytes[0] == std::byte{0x80})
    return Error(ErrorKind::unsupported,
                 what + ": expected the zip format of torch 1.6 and later, found a bare " +
                     "pickle; load it in torch and save it again");
  const ZipEntries entries = TRY(parse_zip(bytes, what));
  constexpr std::string_view kPickle = "data.pkl";
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
    const size_t slash = entry.first.find('/');
    return slash != std::string::npos && std::string_view(entry.first).substr(slash + 1) == kPickle;
  });
  if (found == entries.end())
    return Error(ErrorKind::corrupt, what + ": expected an archive of torch, with a " + std::string(kPickle));
  const std::string folder = found->first.substr(0, found->first.size() - kPickle.size());
  if (const auto order = entries.find(folder + "byteorder");
      order != entries.end() && order->second.bytes.size() == 3)  // "big"
    return Error(ErrorKind::unsupported, what + " was written on a big-endian machine");
  const std::string pickle_name = what + ": " + found->first;
  const Pickle pickle = TRY(parse_pickle(TRY(stored(entries, found->first, what)), is_allowed, pickle_name));
  return TorchArchive{TRY(PickleReader(pickle, entries, folder, what).run()),
                      entries.contains(folder + "constants.pkl")};
}

}  // namespace elanus::io
