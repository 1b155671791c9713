"""`elanus model pull` against a hub on this machine that misbehaves in every way that the real one can."""
import hashlib
import json
import os
import pathlib
import pty
import resource
import signal
import subprocess
import sys
import threading
import time
import unittest

from program import DONE, ELANUS, FAILED, INTERRUPTED, SOURCE, ProgramTest

sys.path.append(str(SOURCE / "tests/support"))
import hub_server  # noqa: E402

NAME = "CLIP-ViT-H-14-laion2B-s32B-b79K"  # a registered model in the transformers layout, without a fixed checksum
REPOSITORY = "laion/" + NAME
FIXED = "timm/vit_base_patch32_clip_224.openai"  # one with a fixed checksum
DEMO_MODEL = SOURCE / "models/elanus-demo"


def tokenizer_json():
    """The demo model's vocabulary in the form that published models have."""
    vocabulary = json.loads((DEMO_MODEL / "vocab.json").read_text())
    merges = [line for line in (DEMO_MODEL / "merges.txt").read_text().splitlines() if line and line[0] != "#"]
    special = ["<|startoftext|>", "<|endoftext|>"]
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    return json.dumps({
        "added_tokens": [{"id": vocabulary[token], "content": token, "special": True} for token in special],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False}]},
        "model": {"type": "BPE", "unk_token": special[1], "continuing_subword_prefix": "", "end_of_word_suffix": "</w>",
                  "vocab": vocabulary, "merges": merges}}).encode()


FILES = {name: (DEMO_MODEL / name).read_bytes()
         for name in ("config.json", "preprocessor_config.json", "model.safetensors")}
FILES["tokenizer.json"] = tokenizer_json()
WEIGHTS = FILES["model.safetensors"]


class Pull(ProgramTest):
    def setUp(self):
        super().setUp()
        self.storage = hub_server.Storage()
        self.hub = hub_server.Hub(self.storage)
        self.hub.add(REPOSITORY, dict(FILES))
        for name in list(self.environment):
            if name.startswith("HF_") or name.lower().endswith("_proxy") or name.startswith("XDG_"):
                del self.environment[name]
        self.environment |= {"HF_ENDPOINT": self.hub.url, "XDG_DATA_HOME": str(self.home / "data")}
        self.models = self.home / "data/elanus/models"
        self.half = self.models / f".{NAME}.pull"

    def pull(self, name=NAME, **options):
        return self.run_program("model", "pull", name, **options)

    def said(self, name=NAME, code=FAILED):
        return self.error("model", "pull", name, code=code)

    def assert_whole(self):
        folder = self.models / NAME
        for name, content in FILES.items():
            self.assertEqual((folder / name).read_bytes(), content, name)
        self.assertFalse(self.half.exists())
        demo = self.json("embed", "--text", "a red boat")["embeddings"]
        self.assertEqual(self.json("embed", "--text", "a red boat", "--model", NAME)["embeddings"], demo)

    def assert_nothing(self):
        self.assertEqual(sorted(self.models.iterdir()) if self.models.exists() else [], [])

    def asked(self, server):
        return [(path.rsplit("/", 1)[-1], headers) for path, headers in server.requests]

    # What is asked for

    def test_a_pulled_model_is_listed_and_used_by_any_spelling(self):
        available = [m["name"] for m in self.json("model", "list")["available"]]
        self.assertIn(NAME, available)
        place = self.json("model", "pull", "  open_clip:ViT-H-14/laion2b_s32b_b79k ")
        self.assertEqual(pathlib.Path(place["folder"]), self.models / NAME)
        self.assert_whole()
        listed = self.json("model", "list")
        self.assertIn(NAME, [m["name"] for m in listed["models"]])
        self.assertNotIn(NAME, [m["name"] for m in listed["available"]])
        self.assertEqual(self.json("embed", "--text", "x", "--model", "vit-h-14__laion2b_s32b_b79k")["model"], NAME)
        self.assertIn("here already", self.said())

    def test_all_files_are_of_one_commit(self):
        self.pull()
        revisions = [path.split("/")[4] for path, _ in self.hub.requests]
        self.assertEqual(revisions, ["main"] + [self.hub.COMMIT] * 3)

    def test_names_that_cannot_be_pulled(self):
        self.assertIn("elanus model list", self.said("no-such-model"))
        self.assertEqual(self.hub.requests, [])

    # Tokens

    def test_the_token_goes_to_the_hub_and_nowhere_else(self):
        self.hub.token = self.environment["HF_TOKEN"] = "hf_secret"
        self.pull()
        self.assert_whole()
        self.assertTrue(all(headers["Authorization"] == "Bearer hf_secret" for _, headers in self.hub.requests))
        self.assertEqual([headers.get("Authorization") for _, headers in self.storage.requests], [None])

    def test_the_token_file_of_other_tools(self):
        home = self.home / "hf"
        home.mkdir()
        (home / "token").write_text("hf_from_file\n")
        self.environment["HF_HOME"] = str(home)
        self.hub.token = "hf_from_file"
        self.pull()
        self.assert_whole()

    def test_no_token_a_wrong_one_and_no_right(self):
        self.hub.token = "hf_secret"
        self.assertIn("set HF_TOKEN", self.said())
        self.environment["HF_TOKEN"] = "hf_wrong"
        self.assertIn("does not accept the token", self.said())
        self.assert_nothing()
        self.hub.token = None
        self.hub.status["config.json"] = 403
        self.assertIn("(403)", self.said())
        self.assert_nothing()

    # Interruptions

    def test_a_cut_connection_is_taken_up_again(self):
        self.storage.cuts = [3_000_000, 2_000_000]
        self.pull()
        self.assert_whole()
        ranges = [headers.get("Range") for _, headers in self.storage.requests]
        self.assertEqual(ranges, [None, "bytes=3000000-", "bytes=5000000-"])

    def test_a_connection_that_brings_nothing_is_an_error_and_the_part_is_kept(self):
        self.storage.cuts = [3_000_000, 0]
        self.assertIn("broke", self.said())
        self.assertFalse((self.models / NAME).exists())
        self.assertEqual((self.half / "model.safetensors.part").stat().st_size, 3_000_000)
        self.pull()
        self.assert_whole()
        self.assertEqual(self.storage.requests[-1][1]["Range"], "bytes=3000000-")
        self.assertEqual(len([f for f, _ in self.asked(self.hub) if f == "config.json"]), 1, "what was whole is not asked for again")

    def interrupt(self, with_signal):
        """Stops a pull that has 3 MB; its exit code."""
        self.storage.cuts, self.storage.wait = [3_000_000], threading.Event()
        process = subprocess.Popen([ELANUS, "model", "pull", NAME], env=self.environment, stderr=subprocess.PIPE)
        part = self.half / "model.safetensors.part"
        deadline = time.monotonic() + 30
        while not (part.exists() and part.stat().st_size == 3_000_000):
            self.assertLess(time.monotonic(), deadline, "the part did not come")
            time.sleep(0.01)
        process.send_signal(with_signal)
        process.communicate(timeout=30)
        self.storage.wait.set()
        self.storage.wait = None
        self.assertEqual(part.stat().st_size, 3_000_000)
        return process.returncode

    def test_control_c_keeps_the_part(self):
        self.assertEqual(self.interrupt(signal.SIGINT), INTERRUPTED)
        self.pull()
        self.assert_whole()
        self.assertEqual(self.storage.requests[-1][1]["Range"], "bytes=3000000-")

    def test_a_killed_pull_goes_on_too(self):
        self.assertEqual(self.interrupt(signal.SIGKILL), -signal.SIGKILL)
        self.assertNotIn(NAME, [m["name"] for m in self.json("model", "list")["models"]])
        self.pull()
        self.assert_whole()

    def test_a_part_of_other_content_is_begun_anew(self):
        self.interrupt(signal.SIGKILL)
        self.storage.version = 2
        self.pull()
        self.assert_whole()

    def test_a_host_without_ranges_sends_all_again(self):
        self.interrupt(signal.SIGKILL)
        self.storage.ranges = False
        self.pull()
        self.assert_whole()

    def test_a_spoilt_part_is_found_out(self):
        self.interrupt(signal.SIGKILL)
        with open(self.half / "model.safetensors.part", "r+b") as part:
            part.seek(1000)
            part.write(b"spoilt")
        self.assertIn("checksum", self.said())
        self.assertFalse((self.half / "model.safetensors.part").exists())
        self.pull()
        self.assert_whole()

    def test_two_at_once(self):
        self.storage.cuts, self.storage.wait = [3_000_000], threading.Event()
        first = subprocess.Popen([ELANUS, "model", "pull", NAME], env=self.environment, stderr=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        while not self.storage.requests:
            time.sleep(0.01)
        self.assertIn("another process", self.said())
        self.storage.wait.set()
        self.assertEqual(first.wait(30), DONE)
        first.communicate()
        self.assert_whole()

    # Wrong answers

    def test_another_content_than_the_hub_names(self):
        self.storage.spoil = lambda body: body[:5000] + b"\0" + body[5001:]
        self.assertIn("checksum", self.said())
        self.assert_nothing()

    def test_a_small_file_is_checked_too(self):
        blob_id, hub_server.git_blob_id = hub_server.git_blob_id, lambda content: "0" * 40
        self.addCleanup(setattr, hub_server, "git_blob_id", blob_id)
        self.assertIn("checksum", self.said())
        self.assert_nothing()

    def test_a_fixed_checksum_counts_more_than_the_hub(self):
        self.hub.add(FIXED, {"open_clip_config.json": b"{}", "tokenizer.json": FILES["tokenizer.json"],
                             "open_clip_model.safetensors": WEIGHTS})
        said = self.said("ViT-B/32")
        self.assertIn("404", said, "the fixed revision is asked for, and this hub has another")
        self.hub.COMMIT = self.hub.requests[0][0].split("/")[4]
        self.assertIn("checksum is not e6d1bd77", self.said("ViT-B/32"))
        self.assertNotIn("clip-vit-base-patch32", os.listdir(self.models))

    def test_a_missing_file(self):
        del self.hub.repositories[REPOSITORY]["model.safetensors"]
        self.assertIn("(404)", self.said())
        self.assert_nothing()

    def test_trouble_at_the_hub(self):
        for status, words in ((500, "answered 500"), (429, "asks to wait"), (404, "(404)")):
            self.hub.status["config.json"] = status
            self.assertIn(words, self.said())
        self.assert_nothing()

    def test_a_checkpoint_that_cannot_be_loaded_is_not_kept(self):
        other = {**FILES, "model.safetensors": b"no weights at all" * 10_000}
        self.hub.add(REPOSITORY, other)
        self.assertIn("model.safetensors", self.said())
        self.assert_nothing()

    def test_no_network(self):
        self.environment["HF_ENDPOINT"] = "http://127.0.0.1:1"
        self.assertIn("no connection to 127.0.0.1:1", self.said())
        self.assert_nothing()

    def test_a_full_disk(self):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        said = self.pull(code=FAILED, preexec_fn=small_files).stderr.decode()
        self.assertIn("cannot write", said)
        self.assertFalse((self.models / NAME).exists())
        self.pull()
        self.assert_whole()
        self.assertEqual(self.storage.requests[-1][1]["Range"], "bytes=2000000-")

    def test_a_folder_that_cannot_be_written_to(self):
        self.models.parent.mkdir(parents=True)
        self.models.write_text("a file")
        self.assertIn("models", self.said())

    # The cache of other tools, proxies, no network

    def cache(self, names):
        folder = self.home / "hf/hub" / ("models--" + REPOSITORY.replace("/", "--"))
        snapshot = folder / "snapshots" / self.hub.COMMIT
        snapshot.mkdir(parents=True)
        (folder / "refs").mkdir()
        (folder / "refs/main").write_text(self.hub.COMMIT)
        (folder / "blobs").mkdir()
        for name in names:
            content = FILES[name]
            large = len(content) >= hub_server.LARGE
            blob = hashlib.sha256(content).hexdigest() if large else hub_server.git_blob_id(content)
            (folder / "blobs" / blob).write_bytes(content)
            (snapshot / name).symlink_to(f"../../blobs/{blob}")
        self.environment["HF_HOME"] = str(self.home / "hf")
        return snapshot

    def test_what_other_tools_have_is_not_downloaded_again(self):
        snapshot = self.cache(["model.safetensors", "config.json"])
        self.pull()
        self.assert_whole()
        self.assertEqual(sorted(f for f, _ in self.asked(self.hub)), ["preprocessor_config.json", "tokenizer.json"])
        self.assertEqual(self.storage.requests, [])
        self.assertTrue((self.models / NAME / "model.safetensors").samefile(snapshot / "model.safetensors"))

    def test_offline_from_the_cache_alone(self):
        self.cache(FILES)
        self.run_program("model", "pull", NAME, "--offline")
        self.assert_whole()
        self.assertEqual(self.hub.requests, [])

    def test_offline_without_the_cache(self):
        self.environment["HF_HUB_OFFLINE"] = "1"
        self.assertIn("may not be used", self.said())
        self.assertEqual(self.hub.requests, [])
        self.assert_nothing()

    def test_a_damaged_cache_is_not_believed(self):
        snapshot = self.cache(["model.safetensors"])
        blob = (snapshot / "model.safetensors").resolve()
        blob.write_bytes(WEIGHTS[:-1] + b"?")
        self.pull()
        self.assert_whole()

    def test_through_a_proxy(self):
        self.environment |= {"HF_ENDPOINT": "http://hub.invalid", "http_proxy": self.hub.url,
                             "no_proxy": "127.0.0.1"}
        self.pull()
        self.assert_whole()
        self.assertTrue(all(path.startswith("http://hub.invalid/") for path, _ in self.hub.requests))

    # First use

    def test_first_use_without_a_terminal_says_the_command(self):
        said = self.error("embed", "--text", "x", "--model", "ViT-H-14/laion2b_s32b_b79k", code=FAILED)
        self.assertIn(f"elanus model pull {NAME}", said)
        self.assertEqual(self.hub.requests, [])

    def first_use(self, answer):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        process = subprocess.Popen([ELANUS, "embed", "--text", "x", "--model", "ViT-H-14/laion2b_s32b_b79k"],
                                   env=self.environment, stdin=slave, stderr=slave, stdout=subprocess.PIPE)
        os.close(slave)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(master, 1000)
        os.write(master, answer)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out

    def test_first_use_on_a_terminal_offers_the_pull(self):
        code, out = self.first_use(b"y\n")
        self.assertEqual(code, DONE)
        self.assertEqual(json.loads(out)["model"], NAME)
        self.assert_whole()

    def test_first_use_takes_no_for_an_answer(self):
        code, out = self.first_use(b"\n")
        self.assertEqual((code, out), (FAILED, b""))
        self.assertEqual(self.hub.requests, [])


if __name__ == "__main__":
    unittest.main()
