#!/usr/bin/env python3
"""Learn the demo model's vocabulary: byte-level BPE in CLIP's own format.

    python tools/train_demo/tokens.py --out models/elanus-demo [--words /usr/share/dict/words]

The words of the captions become whole tokens; a list of English words, if there is one
(Debian's wamerican), teaches the pieces that unknown words fall into. Order of the
vocabulary, as in CLIP: 256 bytes, the same at the end of a word, merges, start, end."""
import argparse
import json
import os
import random
import sys

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "world"))

import words  # noqa: E402
from captions import identifying, short  # noqa: E402
from kinds import CATALOGUE  # noqa: E402
from scene import random_scene  # noqa: E402

LENGTH = 48
PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
START, END = "<|startoftext|>", "<|endoftext|>"


def bytes_to_unicode():
    """CLIP's printable stand-in for every byte, in CLIP's order."""
    bs = [*range(33, 127), *range(161, 173), *range(174, 256)]
    cs, n = bs[:], 0
    for b in range(256):
        if b not in bs:
            bs.append(b)
            cs.append(256 + n)
            n += 1
    return [chr(c) for c in cs]


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


def learn(size, word_list):
    corpus = list(texts(20000))
    if word_list and os.path.exists(word_list):
        with open(word_list, encoding="utf-8") as f:
            common = sorted({w.strip().lower() for w in f if w.strip().isalpha() and len(w) < 14})
        corpus += [" ".join(common)]
    tok = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tok.normalizer = normalizers.Lowercase()
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    alphabet = bytes_to_unicode()
    tok.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, min_frequency=2, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False))
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in json.loads(tok.to_str())["model"]["merges"]]
    vocab = alphabet + [c + "</w>" for c in alphabet] + ["".join(m) for m in merges]
    vocab = list(dict.fromkeys(vocab)) + [START, END]
    return {t: i for i, t in enumerate(vocab)}, merges


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", required=True)
    p.add_argument("--size", type=int, default=2560, help="roughly, before the end-of-word bytes are added")
    p.add_argument("--words", default="/usr/share/dict/words")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    vocab, merges = learn(a.size, a.words)
    with open(f"{a.out}/vocab.json", "w", encoding="utf-8") as f:
        json.dump(vocab, f, ensure_ascii=False)
    with open(f"{a.out}/merges.txt", "w", encoding="utf-8") as f:
        f.write("#version: 0.2\n" + "".join(f"{x} {y}\n" for x, y in merges))
    special = {"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": END}
    with open(f"{a.out}/special_tokens_map.json", "w") as f:
        json.dump(special, f, indent=2)
    with open(f"{a.out}/tokenizer_config.json", "w") as f:
        json.dump({"tokenizer_class": "CLIPTokenizer", "model_max_length": LENGTH, "do_lower_case": True,
                   "add_prefix_space": False, "errors": "replace", **special}, f, indent=2)
    print(f"{len(vocab)} tokens, {len(merges)} merges")


if __name__ == "__main__":
    main()
