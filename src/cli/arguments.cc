#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <map>
#include <sstream>

#include "cli/main.h"

namespace elanus::cli {
namespace {

class Parser {
 public:
  Parser() {
    app_.set_version_flag("--version", "elanus " ELANUS_VERSION);
    app_.require_subcommand(1);
    app_.footer("Exit codes: 0 done; 1 nothing found, or some pictures failed; 2 wrong call; 3 failed; 130 stopped.\n"
                "Example:  elanus index ~/Pictures && elanus search \"a white dog asleep on a sofa\"");
    index();
    search();
    embed();
    status();
    drop();
    maintain();
    reembed();
    eval();
    import_vectors();
    export_vectors();
    copy();
    bench();
    model();
    serve();
  }

  std::variant<Command, ParseExit> parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      std::ostringstream out, err;
      const int code = app_.exit(error, out, err);
      return ParseExit{code == 0 ? kDone : kWrongCall, out.str(), err.str()};
    }
    for (auto& [sub, make] : commands_)
      if (sub->parsed()) return make();
    return ParseExit{kWrongCall, "", app_.help()};
  }

 private:
  // One subcommand whose options are bound to `options`, a member that lives as long as the parser.
  template <class Options>
  CLI::App* command(const std::string& name, const std::string& help, const std::string& example, Options& options) {
    CLI::App* sub = app_.add_subcommand(name, help);
    sub->footer("Example:  " + example);
    commands_[sub] = [&options]() -> Command { return options; };
    return sub;
  }

  static void where(CLI::App* sub, Where& where) {
    sub->add_option("--store", where.store,
                    "The collection: file:PATH, a path, or milvus://HOST/NAME (default: the library in your data folder)");
    sub->add_option("--model", where.model, "A model's name or folder (default: the one that made the collection)");
  }

  static void precision(CLI::App* sub, std::string& precision) {
    sub->add_option("--precision", precision,
                    "exact; fast: 10-bit weights, the same answers but for a hair; turbo: 7- and 8-bit, measure it first with "
                    "`elanus eval`")
        ->capture_default_str()
        ->check(CLI::IsMember({"exact", "fast", "turbo"}));
  }

  static void effort(CLI::App* sub, std::string& effort) {
    sub->add_option("--effort", effort, "fast, balanced, or exact: compare every picture")
        ->capture_default_str()
        ->check(CLI::IsMember({"fast", "balanced", "exact"}));
  }

  static void index_kind(CLI::App* sub, std::string& index) {
    sub->add_option("--index", index,
                    "How the collection is searched from now on: auto (codes, and lists of codes from two million pictures "
                    "on), flat, coded, lists, or ivf_flat,nlist=512,nprobe=16");
  }

  void index() {
    CLI::App* sub = command("index", "Put pictures into the collection: folders, files, or a CSV",
                            "elanus index ~/Pictures --exclude-dir thumbnails", index_);
    sub->add_option("path", index_.paths, "Folders (read recursively) or files");
    sub->add_option("--csv", index_.csv, "A CSV with a column `path`, and `id` and `label` if you like");
    where(sub, index_.where);
    precision(sub, index_.where.precision);
    sub->add_option("--exclude-dir", index_.exclude_dirs, "Folder names to pass over (may repeat)")->allow_extra_args(false);
    sub->add_flag("--include-hidden", index_.include_hidden, "Also names that begin with a dot");
    sub->add_flag("--exact", index_.exact, "Decode large JPEGs whole: slower, same pixels as the reference");
    sub->add_flag("--portable", index_.portable,
                  "Keep the collection in the folder itself (FOLDER/.elanus) with paths relative to it, so that both can move "
                  "to another place or machine; then: search --store FOLDER");
    sub->add_flag("--keep-missing", index_.keep_missing, "Do not remove pictures whose files are gone");
    sub->add_option("--max-megapixels", index_.max_megapixels, "Pass over larger pictures")
        ->capture_default_str()
        ->check(CLI::Range(0.001, 10000.0));
    sub->add_option("--batch", index_.batch, "Pictures embedded and saved together")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    index_kind(sub, index_.index);
    sub->add_flag("--json", index_.json, "Print the report as JSON");
  }

  void search() {
    CLI::App* sub = command("search", "Find pictures by words, by a picture, or by a vector",
                            "elanus search \"a red car on a beach\" -k 5 --after 2023 --type jpg", search_);
    sub->add_option("words", search_.words, "What the picture shows");
    sub->add_option("--image", search_.image, "Find pictures like this one");
    sub->add_option("--vector", search_.vector, "Find by a ready vector: FILE.npy or FILE.npy:ROW");
    where(sub, search_.where);
    precision(sub, search_.where.precision);
    const auto several = [&](const char* name, std::vector<std::string>& values, const char* help) {
      sub->add_option(name, values, help)->allow_extra_args(false);
    };
    several("--path", search_.filter.paths, "Only from this folder or file, or where a glob fits: '2023/*.jpg' (may repeat)");
    several("--label", search_.filter.labels, "Only with this label (may repeat)");
    several("--type", search_.filter.types, "Only of this type: jpg, png, ... (may repeat)");
    sub->add_option("--after", search_.filter.after, "Only taken in or after 2023, 2023-06 or 2023-06-15");
    sub->add_option("--before", search_.filter.before, "Only taken before 2024, 2024-01 or 2024-01-01");
    sub->add_option("--where", search_.filter.where,
                    "Only where this holds: 'width >= 800 and not label in (cat, dog)'. Fields: path, label, camera, type, "
                    "size, width, height, captured, modified, id, attributes.NAME");
    sub->add_option("-k,--top,-t", search_.top, "How many")->capture_default_str()->check(CLI::Range(1, 16384));
    effort(sub, search_.effort);
    sub->add_flag("--json", search_.json, "Print JSON");
    sub->add_flag("-f,--filepath-only", search_.paths_only, "Print paths only, one a line");
    sub->add_flag("-0,--print0", search_.nul, "Print paths only, each ended by a NUL byte (for xargs -0)");
    sub->add_flag("-p,--preview", search_.pictures, "Show the pictures in the terminal: kitty, iTerm2, sixel, else blocks "
                  "(ELANUS_PREVIEW=NAME decides otherwise)");
    sub->add_option("--sheet", search_.sheet, "Also write the pictures found as one PNG, a contact sheet");
  }

  void embed() {
    CLI::App* sub = command("embed", "Print the vectors of texts and pictures, in the order given",
                            "elanus embed --text \"a white dog\" --image dog.jpg -o vectors.npy", embed_);
    CLI::Option* text = sub->add_option("--text", texts_, "Words (may repeat)")->allow_extra_args(false);
    CLI::Option* image = sub->add_option("--image", images_, "A picture file (may repeat)")->allow_extra_args(false);
    sub->add_option("--model", embed_.model, "A model's name or folder (default: elanus-photo, or $ELANUS_MODEL)");
    precision(sub, embed_.precision);
    sub->add_option("-o,--out", embed_.out, "Write a NumPy file, one row each (float32)");
    sub->add_flag("--json", embed_.json, "Print JSON (also the default)");
    sub->add_flag("--exact", embed_.exact, "Decode large JPEGs whole, as `index --exact` does");
    commands_[sub] = [this, sub, text, image]() -> Command {
      size_t next_text = 0, next_image = 0;
      for (const CLI::Option* option : sub->parse_order()) {
        if (option == text) embed_.inputs.push_back({false, texts_.at(next_text++)});
        if (option == image) embed_.inputs.push_back({true, images_.at(next_image++)});
      }
      return embed_;
    };
  }

  void status() {
    CLI::App* sub = command("status", "What is in the collection", "elanus status --json", status_);
    where(sub, status_.where);
    sub->add_flag("--json", status_.json, "Print JSON");
  }

  void maintain() {
    CLI::App* compact = command("compact", "Give the room of deleted and replaced pictures back to the disk",
                                "elanus compact --json", compact_);
    where(compact, compact_.where);
    CLI::App* backup = command("backup", "Copy the collection, also while it is used; the copy is a collection",
                               "elanus backup /media/stick/library", backup_);
    backup->add_option("to", backup_.to, "The folder to make")->required();
    where(backup, backup_.where);
    CLI::App* merge = command("merge", "Put one collection's pictures into another of the same model",
                              "elanus merge file:old --into file:new", merge_);
    merge->add_option("from", merge_.from, "The collection to read: file:PATH or a path")->required();
    merge->add_option("--into", merge_.into, "The collection to write (default: the library in your data folder)");
    CLI::App* doctor = command("doctor", "Look for damage, and with --repair mend what can be mended",
                               "elanus doctor --repair", doctor_);
    where(doctor, doctor_.where);
    doctor->add_flag("--repair", doctor_.repair, "Mend: indexes and copies are made anew, what can be read is saved");
    for (const auto& [sub, json] : {std::pair(compact, &compact_.json), std::pair(backup, &backup_.json),
                                    std::pair(merge, &merge_.json), std::pair(doctor, &doctor_.json)})
      sub->add_flag("--json", *json, "Print JSON");
  }

  void reembed() {
    CLI::App* sub = command("reembed", "Embed the collection's pictures by another model; the old one serves until all are done",
                            "elanus reembed --model CLIP-ViT-B-32-laion2B-s34B-b79K", reembed_);
    sub->add_option("--store", reembed_.where.store, "The collection: file:PATH or a path (default: the library in your data folder)");
    sub->add_option("--model", reembed_.where.model, "The new model's name or folder")->required();
    sub->add_option("--batch", reembed_.batch, "Pictures embedded and saved together")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    sub->add_flag("--exact", reembed_.exact, "Decode large JPEGs whole, as `index --exact` does");
    sub->add_flag("--restart", reembed_.restart, "Give up what an earlier run by any model has embedded");
    sub->add_flag("--drop-unreadable", reembed_.drop_unreadable, "Part with pictures whose files cannot be read");
    sub->add_flag("--json", reembed_.json, "Print the report as JSON");
  }

  void drop() {
    CLI::App* sub = command("drop", "Delete the collection (never the pictures)", "elanus drop --store file:old --yes", drop_);
    sub->add_option("--store", drop_.where.store, "The collection: file:PATH, a path, or milvus://HOST/NAME");
    sub->add_flag("-y,--yes", drop_.yes, "Do not ask");
  }

  void eval() {
    CLI::App* sub = command("eval", "Measure how well captions find their pictures",
                            "elanus eval --csv captions.csv", eval_);
    sub->add_option("--csv", eval_.csv, "Columns `image` and `caption`")->required();
    sub->add_option("--queries", eval_.queries, "Ready vectors: row i of this NumPy file stands for caption i");
    where(sub, eval_.where);
    precision(sub, eval_.where.precision);
    effort(sub, eval_.effort);
    sub->add_flag("--json", eval_.json, "Print JSON");
  }

  void import_vectors() {
    CLI::App* sub = command("import", "Bring your own vectors",
                            "elanus import --vectors V.npy --names N.txt --store file:mine", import_);
    sub->add_option("--vectors", import_.vectors, "A NumPy file, one row a picture")->required();
    sub->add_option("--names", import_.names, "A text file, line i is the path of row i")->required();
    sub->add_option("--root", import_.root, "What relative names are relative to (default: the folder of --names)");
    sub->add_option("--store", import_.where.store, "The collection: file:PATH, a path, or milvus://HOST/NAME");
    index_kind(sub, import_.index);
    sub->add_option("--model", import_.where.model, "Who made the vectors: a model's name or folder, if it is here");
  }

  void export_vectors() {
    CLI::App* sub = command("export", "Write the collection's vectors and records to files",
                            "elanus export --vectors V.npy --names N.txt --csv records.csv", export_);
    sub->add_option("--vectors", export_.vectors, "A NumPy file (float32), one row a picture");
    sub->add_option("--names", export_.names, "A text file, line i is the path of row i");
    sub->add_option("--csv", export_.csv, "id, path, label, size, width, height, content hash, attributes");
    sub->add_option("--store", export_.where.store, "The collection: file:PATH, a path, or milvus://HOST/NAME");
  }

  void copy() {
    CLI::App* sub = command("copy", "Copy a collection to another place, without embedding anything again",
                            "elanus copy --from file:pictures --to milvus://localhost/pictures", copy_);
    const char* uri = ": file:PATH, a path, or milvus://HOST/NAME";
    sub->add_option("--from", copy_.from, std::string("The source") + uri)->required();
    sub->add_option("--to", copy_.to, std::string("The destination, made if it is not there") + uri)->required();
    sub->add_flag("--replace", copy_.replace, "Replace other pictures that the destination has under the same ids");
    sub->add_flag("--json", copy_.json, "Print the report as JSON");
  }

  void bench() {
    CLI::App* sub = command("bench", "Measure this machine, and how close a model comes to its limits",
                            "elanus bench --model CLIP-ViT-B-32-laion2B-s34B-b79K", bench_);
    sub->add_option("--model", bench_.model, "A model's name or folder (default: elanus-photo, or $ELANUS_MODEL)");
    sub->add_option("--seconds", bench_.seconds, "How long each line is measured")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 60.0));
    sub->add_flag("--json", bench_.json, "Print JSON");
  }

  void model() {
    CLI::App* sub = app_.add_subcommand("model", "The models: list, info, pull, import, rm");
    sub->require_subcommand(1);
    const auto action = [&](const char* name, const char* help, const char* example, ModelOptions::Action what) {
      CLI::App* leaf = sub->add_subcommand(name, help);
      leaf->footer(std::string("Example:  ") + example);
      commands_[leaf] = [this, what]() -> Command {
        model_.action = what;
        return model_;
      };
      return leaf;
    };
    action("list", "Show the models on this machine, and those that can be pulled", "elanus model list", ModelOptions::Action::list)
        ->add_flag("--json", model_.json, "Print JSON");
    CLI::App* info = action("info", "Show one model", "elanus model info elanus-demo", ModelOptions::Action::info);
    info->add_option("name", model_.name, "A model's name or folder")->required();
    info->add_flag("--json", model_.json, "Print JSON");
    CLI::App* pull = action("pull", "Download a published model, resuming what an earlier pull began",
                            "elanus model pull ViT-B-32/laion2b_s34b_b79k", ModelOptions::Action::pull);
    pull->add_option("name", model_.name, "A model of `elanus model list`, in any spelling")->required();
    pull->add_flag("--offline", model_.offline, "Only from the cache of other tools (HF_HOME), without network");
    pull->add_flag("--json", model_.json, "Print JSON");
    CLI::App* import = action("import", "Copy a downloaded checkpoint (transformers layout) to your models",
                              "elanus model import ./clip-vit-base-patch32", ModelOptions::Action::import);
    import->add_option("folder", model_.folder, "The folder with config.json and model.safetensors")->required();
    import->add_option("--name", model_.name, "Its name here (default: the folder's name)");
    action("rm", "Delete a model from your models", "elanus model rm clip-vit-base-patch32",
           ModelOptions::Action::remove)
        ->add_option("name", model_.name, "The model's name")
        ->required();
  }

  void serve() {
    CLI::App* sub = command("serve", "The page and the REST API: search from a browser or a program",
                            "elanus serve   then open http://127.0.0.1:7700/", serve_);
    sub->add_option("--host", serve_.host, "The address to listen on; any but this machine's own needs a key")
        ->capture_default_str();
    sub->add_option("--port", serve_.port, "The port; 0 takes any free one")->capture_default_str();
    where(sub, serve_.where);
    precision(sub, serve_.where.precision);
    sub->add_option("--api-key-file", serve_.api_key_file, "A file with the key that every request must bring");
    sub->add_option("--allow-host", serve_.allow_hosts, "A name that the server may be asked by (may repeat)")
        ->allow_extra_args(false);
    sub->add_option("--allow-origin", serve_.allow_origins,
                    "A site, https://HOST[:PORT], whose pages may ask this server from a browser (may repeat)")
        ->allow_extra_args(false);
    sub->add_option("--index-root", serve_.index_roots,
                    "A folder that may be indexed from the page (may repeat; default: your home, and none with a key)")
        ->allow_extra_args(false);
    sub->add_flag("--read-only", serve_.read_only, "Nothing can be added, deleted or indexed");
    sub->add_option("--thumbnails", serve_.thumbnails, "Where small pictures are kept (default: in your cache folder)");
    sub->add_option("--thumbnail-gib", serve_.thumbnail_gib, "How much room they may take")
        ->capture_default_str()
        ->check(CLI::Range(0.001, 10000.0));
    sub->add_flag("--json", serve_.json, "Print the address as JSON once it answers");
  }

  CLI::App app_{"elanus: describe a picture and get it"};
  std::map<CLI::App*, std::function<Command()>> commands_;
  IndexOptions index_;
  SearchOptions search_;
  EmbedOptions embed_;
  std::vector<std::string> texts_, images_;
  StatusOptions status_;
  CompactOptions compact_;
  ReembedOptions reembed_;
  BackupOptions backup_;
  MergeOptions merge_;
  DoctorOptions doctor_;
  DropOptions drop_;
  EvalOptions eval_;
  ImportOptions import_;
  ExportOptions export_;
  CopyOptions copy_;
  BenchOptions bench_;
  ModelOptions model_;
  ServeOptions serve_;
};

}  // namespace

std::variant<Command, ParseExit> parse_arguments(int argc, const char* const* argv) {
  return Parser().parse(argc, argv);
}

}  // namespace elanus::cli
