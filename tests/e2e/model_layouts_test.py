"""Models in every layout that is read, through the program: embedded from, imported, and refused in words."""
import shutil
import unittest

import numpy

from program import FAILED, SOURCE, ProgramTest

MODELS = SOURCE / "tests/inputs/clip"
NAMES = sorted(p.name for p in MODELS.iterdir())


class Layouts(ProgramTest):
    def assert_embeds_as_the_reference(self, model, name):
        texts = (MODELS / name / "texts.txt").read_text().split("\n")[:-1]
        out = self.home / "out.npy"
        self.run_program("embed", "--model", model, "-o", out, *(a for text in texts for a in ("--text", text)))
        difference = numpy.abs(numpy.load(out) - numpy.load(MODELS / name / "text.npy")).max()
        self.assertLessEqual(difference, 1e-4, msg=name)

    def test_every_folder(self):
        self.assertGreaterEqual(len(NAMES), 8)
        for name in NAMES:
            with self.subTest(name):
                # A copy: the program keeps its packed files beside the model.
                model = shutil.copytree(MODELS / name, self.home / "models-by-folder" / name)
                self.assert_embeds_as_the_reference(model, name)

    def test_every_layout_is_imported_with_its_tokenizer(self):
        for name in ("sharded-f16", "open-clip-f32", "open-clip-bin-bf16"):
            with self.subTest(name):
                self.run_program("model", "import", MODELS / name)
                self.assert_embeds_as_the_reference(name, name)

    def test_an_archive_of_openai_by_its_file(self):
        archive = self.home / "ViT-tiny.pt"
        shutil.copy(MODELS / "openai-vit-f16/openai-vit-f16.pt", archive)
        self.assertIn("put one of them there", self.error("model", "import", archive, code=FAILED))
        for file in ("vocab.json", "merges.txt"):
            shutil.copy(MODELS / "openai-vit-f16" / file, self.home)
        self.assert_embeds_as_the_reference(archive, "openai-vit-f16")
        shutil.copy(MODELS / "gelu-f32/model.safetensors", self.home)
        self.run_program("model", "import", archive)
        imported = self.home / "data/elanus/models/ViT-tiny"
        archive.unlink()
        self.assertFalse((imported / "model.safetensors").exists())
        self.assert_embeds_as_the_reference("ViT-tiny", "openai-vit-f16")

    def test_a_pickle_that_runs_code_is_refused_by_name(self):
        folder = self.home / "evil"
        shutil.copytree(MODELS / "open-clip-bin-bf16", folder)
        weights = folder / "open_clip_pytorch_model.bin"
        # Of equal length, so that the archive stays one.
        weights.write_bytes(weights.read_bytes().replace(b"collections\nOrderedDict", b"builtins\nexec\n)))))))))", 1))
        self.assertIn("asks for builtins.exec", self.error("embed", "--model", folder, "--text", "x", code=FAILED))


if __name__ == "__main__":
    unittest.main()
