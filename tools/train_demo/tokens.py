#!/usr/bin/env python3
"""Learn the demo model's vocabulary: byte-level BPE in CLIP's own format.

    python tools/train_demo/tokens.py --out models/elanus-demo [--words /usr/share/dict/words]

The words of the captions become whole tokens; a list of English words, if there is one
(Debian's wamerican), teaches the pieces that unknown words fall into. Order of the
vocabulary, as in CLIP: 256 bytes, the same at the end of a word, merges, start, end."""
import argparse
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "world"))

import words  # noqa: E402
from bpe import learn, write  # noqa: E402
from captions import identifying, short  # noqa: E402
from kinds import CATALOGUE  # noqa: E402
from scene import random_scene  # noqa: E402


def texts(count):
    for k in CATALOGUE.values():                       # every word at least a few times
        yield from [f"{k.name} {k.plural} {' '.join(k.synonyms)}"] * 40
    for table in (words.COLOUR, words.PATTERN, words.SIZE, words.TIME, words.WEATHER, words.CLEAR_AT, words.MOON, words.RELATION):
        yield from [" ".join(v) for v in table.values()] * 40
    for i in range(count):
        rng = random.Random(f"vocabulary {i}")
        scene = random_scene(rng, str(i))
        yield identifying(rng, scene, plain=i % 2 == 0)[0]
        yield short(rng, scene)[0]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True)
    p.add_argument("--size", type=int, default=2560, help="roughly, before the end-of-word bytes are added")
    p.add_argument("--words", default="/usr/share/dict/words")
    a = p.parse_args()
    vocab, merges = learn(list(texts(20000)), a.size, a.words)
    write(a.out, vocab, merges)
    print(f"{len(vocab)} tokens, {len(merges)} merges")


if __name__ == "__main__":
    main()
