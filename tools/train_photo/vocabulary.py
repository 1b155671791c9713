#!/usr/bin/env python3
"""Learn the photo model's vocabulary: byte-level BPE in CLIP's own format, as train_demo/bpe.py does it.

    python tools/train_photo/vocabulary.py --data ../shared/data --world WORLD --out models/elanus-photo [--words /usr/share/dict/words]

The words of the captions and the classes become whole tokens; Debian's list of English words (wamerican) teaches the
pieces that other words fall into. Captions of the development split are not read."""
import argparse
import os
import sys

from views import DEVELOPMENT, class_pictures, drawn, photographs, teacher_classes

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "train_demo"))

from bpe import learn, write  # noqa: E402


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "world", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--size", type=int, default=6400, help="roughly, before the end-of-word bytes are added")
    p.add_argument("--words", default="/usr/share/dict/words")
    a = p.parse_args()
    captions = [c for five in photographs(a.data)[1][DEVELOPMENT:] + drawn(a.world)[1] for c in five]
    names = sorted({*class_pictures(a.data)[1], *teacher_classes(a.data)})
    vocab, merges = learn(captions + names * 3, a.size, a.words)
    write(a.out, vocab, merges)
    print(f"{len(vocab)} tokens, {len(merges)} merges")


if __name__ == "__main__":
    main()
