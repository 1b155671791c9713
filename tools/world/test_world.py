"""python3 -m unittest discover -s tools/world   (needs python3-cairo only)"""
import csv
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from captions import facts, identifying, short  # noqa: E402
from draw import boxes, draw  # noqa: E402
from kinds import CATALOGUE  # noqa: E402
from scene import Group, Scene, random_scene, twin  # noqa: E402
from where import PLACES  # noqa: E402
from words import COLOUR, FAMILY, PLACE  # noqa: E402
from world import captions_of, world  # noqa: E402


class WorldTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_bytes(self):
        def make(out, hashing):
            subprocess.run([sys.executable, os.path.join(HERE, "world.py"), "--seed", "3", "--count", "12", "--size", "96",
                            "--captions", "4", "--out", out], check=True, stdout=subprocess.DEVNULL,
                           env={**os.environ, "PYTHONHASHSEED": hashing})
            return {n: pathlib.Path(out, n).read_bytes() for n in sorted(os.listdir(out))}
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            first, second = make(a, "1"), make(b, "2")
            self.assertEqual(len(first), 13)
            self.assertEqual(first, second)
            with open(os.path.join(a, "captions.csv"), newline="") as f:
                rows = list(csv.DictReader(f))
            self.assertEqual(len(rows), 48)
            self.assertEqual(rows[0]["image"], "000001.png")

    def test_another_seed_gives_another_world(self):
        self.assertNotEqual([captions_of(s)[0] for _, s in world(1, 5)], [captions_of(s)[0] for _, s in world(2, 5)])

    def test_a_picture_does_not_depend_on_the_others(self):
        few, many = list(world(5, 3)), list(world(5, 10))
        self.assertEqual(few, many[:3])

    def test_rich_enough(self):
        self.assertGreaterEqual(len(CATALOGUE), 30)
        self.assertGreaterEqual(len(PLACES), 12)
        seen = {g.kind for _, s in world(1, 2000) for g in s.groups}
        self.assertEqual(sorted(seen), sorted(CATALOGUE))

    def test_a_thousand_identifying_captions_differ(self):
        texts, contents = set(), set()
        for _, scene in world(7, 1000):
            text, said = identifying(random.Random("words " + scene.seed), scene)
            texts.add(text)
            contents.add(tuple(said))
        self.assertEqual((len(texts), len(contents)), (1000, 1000))

    def test_the_identifying_caption_names_all_that_is_drawn(self):
        for _, scene in world(11, 300):
            text, said = identifying(random.Random(scene.seed), scene)
            for g in scene.groups:
                k = CATALOGUE[g.kind]
                self.assertIn(k.plural if g.count > 1 else k.name, text)
                self.assertIn(g.colour, text)
                self.assertIn(f"{g.kind}:n{g.count}", said)
            whole = {f for f in facts(scene) if not f.startswith(("col:", "is:"))}
            self.assertEqual(whole, set(said))

    def test_captions_are_true(self):
        for _, scene in world(13, 300):
            for i in range(10):
                text, said = short(random.Random(f"{i} {scene.seed}"), scene)
                self.assertTrue(text)
                self.assertLessEqual(set(said), set(facts(scene)), text)

    def test_as_many_things_are_drawn_as_said_inside_the_picture(self):
        for _, scene in world(17, 400):
            drawn = boxes(scene)
            for g, group in enumerate(scene.groups):
                self.assertEqual(sum(b[0] == g for b in drawn), group.count)
            for _, x0, y0, x1, y1 in drawn:
                self.assertTrue(-.06 < x0 and x1 < 1.06 and -.06 < y0 and y1 <= 1.0, (scene, x0, y0, x1, y1))

    def test_relations_are_where_they_say(self):
        for _, scene in world(19, 1500):
            if scene.relation in ("left", "right", "above", "below"):
                axis = 0 if scene.relation in ("left", "right") else 1
                mean = [sum(b[1 + axis] + b[3 + axis] for b in boxes(scene) if b[0] == g) / scene.groups[g].count for g in (0, 1)]
                self.assertEqual(mean[0] < mean[1], scene.relation in ("left", "above"), scene)

    def test_every_kind_can_be_drawn_in_every_colour(self):
        for k in CATALOGUE.values():
            for colour in k.colours:
                self.assertIn(colour, COLOUR)
                draw(Scene("studio", (Group(k.name, "float", colour),), paper="cream", seed="t"), 32)
            self.assertTrue(all(f in FAMILY or f in ("kitchenware", "instrument", "furniture", "dressed", "berry", "shelter")
                                for f in k.families), k.families)
        self.assertEqual(sorted(PLACE), sorted(PLACES))

    def test_any_size(self):
        _, scene = next(world(1, 1))
        for size in (16, 97, 500):
            self.assertEqual(draw(scene, size).get_width(), size)

    def test_a_twin_differs(self):
        differ = 0
        for i in range(200):
            scene = random_scene(random.Random(i), str(i))
            differ += facts(twin(scene, random.Random(i))) != facts(scene)
        self.assertGreater(differ, 190)


if __name__ == "__main__":
    unittest.main()
