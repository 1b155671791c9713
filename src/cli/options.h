// What a command line can say, one struct per command, with the defaults that the help shows.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "search/picture_filter.h"

namespace elanus::cli {

// Which collection and which model; empty means the default.
struct Where {
  std::string store;  // URI: file:PATH, a path, milvus://HOST/NAME (store_milvus/place.h)
  std::string model;  // a name or a folder
  std::string precision = "exact";
};

struct IndexOptions {
  Where where;
  std::vector<std::string> paths;
  std::string csv;
  std::vector<std::string> exclude_dirs;
  bool include_hidden = false;
  bool exact = false;
  bool keep_missing = false;
  bool portable = false;
  double max_megapixels = 100;
  unsigned batch = 32;
  std::string index;  // empty: as it is
  bool json = false;
};

struct SearchOptions {
  Where where;
  std::vector<std::string> words;
  std::string image;
  std::string vector;  // FILE.npy or FILE.npy:row
  std::string sheet;   // a PNG to write
  search::PictureFilter filter;
  uint32_t top = 10;
  std::string effort = "balanced";
  bool json = false, paths_only = false, nul = false, pictures = false;
};

struct EmbedOptions {
  std::string model;
  std::string precision = "exact";
  struct Input {
    bool is_image = false;
    std::string value;  // the words, or the file
  };
  std::vector<Input> inputs;  // in the order of the command line
  std::string out;
  bool json = false;
  bool exact = false;
};

struct StatusOptions {
  Where where;
  bool json = false;
};

struct CompactOptions {
  Where where;
  bool json = false;
};

struct ReembedOptions {
  Where where;  // where.model: the new one
  unsigned batch = 32;
  bool exact = false, restart = false, drop_unreadable = false;
  bool json = false;
};

struct BackupOptions {
  Where where;
  std::string to;
  bool json = false;
};

struct MergeOptions {
  std::string from, into;  // URIs; into: empty means the default library
  bool json = false;
};

struct DoctorOptions {
  Where where;
  bool repair = false;
  bool json = false;
};

struct DropOptions {
  Where where;
  bool yes = false;
};

struct CopyOptions {
  std::string from, to;  // URIs
  bool replace = false;
  bool json = false;
};

struct ExportOptions {
  Where where;
  std::string vectors, names, csv;
};

struct ImportOptions {
  Where where;  // where.model names who made the vectors
  std::string vectors, names, root, index;
};

struct EvalOptions {
  Where where;
  std::string csv, queries;
  std::string effort = "balanced";
  bool json = false;
};

struct BenchOptions {
  std::string model;
  double seconds = 2;  // for each line
  bool json = false;
};

struct ModelOptions {
  enum class Action { list, info, pull, import, remove };
  Action action = Action::list;
  std::string name;  // info, pull, remove: a model; import: the new name, or empty for the folder's
  std::string folder;
  bool offline = false;  // pull
  bool json = false;
};

struct ServeOptions {
  Where where;
  std::string host = "127.0.0.1";
  uint16_t port = 7700;
  std::string api_key_file;
  std::vector<std::string> allow_hosts, allow_origins, index_roots;
  std::string thumbnails;
  double thumbnail_gib = 2;
  bool read_only = false;
  bool json = false;
};

using Command = std::variant<IndexOptions, SearchOptions, EmbedOptions, StatusOptions, DropOptions, ExportOptions, CopyOptions,
                             CompactOptions, ReembedOptions, BackupOptions, MergeOptions, DoctorOptions, ImportOptions, EvalOptions,
                             BenchOptions, ModelOptions, ServeOptions>;

}  // namespace elanus::cli
