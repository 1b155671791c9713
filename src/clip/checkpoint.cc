#include "clip/checkpoint.h"

#include <cassert>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "base/f16.h"
#include "io/json.h"
#include "io/torch_archive.h"

namespace elanus::clip {
namespace fs = std::filesystem;

namespace {

// A file of the model's own folder and nothing else.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

Result<std::map<std::string, std::string>> read_index(const fs::path& path) {
  const std::string what = path.string();
  const std::string text = TRY(io::read_text(path, size_t{16} << 20));
  const nlohmann::json index = TRY(io::parse_json(text, what));
  const auto weights = index.find("weight_map");
  if (weights == index.end() || !weights->is_object())
    return Error(ErrorKind::corrupt, what + ": expected an object \"weight_map\"");
  std::map<std::string, std::string> files;
  for (const auto& [tensor, file] : weights->items()) {
    if (!file.is_string() || !is_plain_name(file.get_ref<const std::string&>()))
      return Error(ErrorKind::corrupt,
                   what + ": tensor " + tensor + ": expected the name of a file in the same folder, found " +
                       file.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    files.emplace(tensor, file.get<std::string>());
  }
  return files;
}

Result<io::TensorMap> read_tensors(std::span<const std::byte> bytes, const fs::path& file, Layout layout) {
  if (file.extension() == ".safetensors") return io::parse_safetensors(bytes, file.string());
  io::TorchArchive archive = TRY(io::parse_torch_archive(bytes, file.string()));
  if (layout == Layout::openai && !archive.script)
    return Error(ErrorKind::unsupported,
                 file.string() + " is no archive of OpenAI's but a state dict, which does not say which " +
                     "activation the model has: put the open_clip_config.json of the model beside it");
  return std::move(archive.tensors);
}

}  // namespace

Result<Checkpoint> Checkpoint::open(const fs::path& model) { return open(TRY(find_model_files(model))); }

Result<Checkpoint> Checkpoint::open(const ModelFiles& files) {
  Checkpoint checkpoint;
  checkpoint.source_ = files.weights.string();
  if (files.weights.extension() == ".json")
    TRY(checkpoint.add_shards(files.weights));
  else
    TRY(checkpoint.add(files.weights, files.layout, nullptr));
  return checkpoint;
}

Result<void> Checkpoint::add(const fs::path& file, Layout layout, const FileOfTensor* listed) {
  io::MappedFile map = TRY(io::MappedFile::open(file));
  io::TensorMap tensors = TRY(read_tensors(map.bytes(), file, layout));
  if (layout != Layout::transformers)
    tensors = TRY(with_transformers_names(tensors, derived_, file.string()));
  for (auto& [name, view] : tensors) {
    const auto entry = listed ? listed->find(name) : FileOfTensor::const_iterator{};
    if (listed && (entry == listed->end() || entry->second != file.filename())) continue;
    tensors_.emplace(name, Located{std::move(view), files_.size()});
  }
  files_.push_back({file.string(), std::move(map)});
  return {};
}

Result<void> Checkpoint::add_shards(const fs::path& index) {
  const FileOfTensor listed = TRY(read_index(index));
  std::set<std::string> shards;
  for (const auto& [tensor, file] : listed) shards.insert(file);
  for (const std::string& shard : shards)
    TRY(add(index.parent_path() / shard, Layout::transformers, &listed));
  for (const auto& [tensor, file] : listed)
    if (!has(tensor))
      return Error(ErrorKind::mismatch, source_ + ": expected tensor " + tensor + " in " + file +
                                            ", found none of this name there");
  return {};
}

Result<io::TensorView> Checkpoint::tensor(std::string_view name, std::initializer_list<size_t> shape) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    return Error(ErrorKind::not_found, source_ + ": no tensor " + std::string(name) +
                                           ", expected one of shape " + io::shape_text(shape));
  }
  const io::TensorView& view = found->second.view;
  const std::string& file = files_[found->second.file].name;
  if (!std::equal(shape.begin(), shape.end(), view.shape.begin(), view.shape.end()))
    return Error(ErrorKind::mismatch, file + ": tensor " + std::string(name) + ": expected shape " +
                                          io::shape_text(shape) + " (by its config), found " +
                                          io::shape_text(view.shape));
  if (view.dtype == io::Dtype::other)
    return Error(ErrorKind::unsupported, file + ": tensor " + std::string(name) +
                                             ": expected dtype F32, F16 or BF16, found " + view.dtype_name);
  return view;
}

std::optional<Checkpoint::Place> Checkpoint::place_of(const io::TensorView& view) const {
  for (const File& file : files_) {
    const auto bytes = file.map.bytes();
    const std::less_equal<const std::byte*> not_after;
    if (!not_after(bytes.data(), view.data.data()) ||
        !not_after(view.data.data() + view.data.size(), bytes.data() + bytes.size()))
      continue;
    return Place{fs::path(file.name).filename().native(),
                 static_cast<uint64_t>(view.data.data() - bytes.data())};
  }
  return std::nullopt;
}

const std::vector<size_t>* Checkpoint::shape(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second.view.shape;
}

uint64_t Checkpoint::parameters() const {
  uint64_t sum = 0;
  for (const auto& [name, located] : tensors_)
    if (located.view.dtype != io::Dtype::other) sum += located.view.elements();
  return sum;
}

std::string Checkpoint::hash() const {
  if (files_.size() == 1) return io::content_hash(files_[0].map.bytes());
  std::string hashes;
  for (const File& file : files_) hashes += io::content_hash(file.map.bytes());
  return io::content_hash(std::as_bytes(std::span(hashes)));
}

void to_f32(const io::TensorView& view, std::span<float> out) {
  assert(view.dtype != io::Dtype::other && out.size() == view.elements());
  if (view.dtype == io::Dtype::f32) {
    // An empty tensor may have no address.
    if (!out.empty()) std::memcpy(out.data(), view.data.data(), out.size_bytes());
    return;
  }
  const auto convert = view.dtype == io::Dtype::f16 ? base::f16_to_f32 : base::bf16_to_f32;
  for (size_t i = 0; i < out.size(); ++i) {
    uint16_t half = 0;
    std::memcpy(&half, view.data.data() + 2 * i, sizeof half);
    out[i] = convert(half);
  }
}

std::vector<float> to_f32(const io::TensorView& view) {
  std::vector<float> values(view.elements());
  to_f32(view, values);
  return values;
}

}  // namespace elanus::clip
