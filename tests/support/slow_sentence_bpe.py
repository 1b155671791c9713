"""SigLIP 2's tokenizer once more, slow and with nothing but Python's standard library: the oracle of
sentence_bpe_test.cc.

    python3 slow_sentence_bpe.py tokenizer.json COUNT

Prints, for COUNT generated lines in many scripts, one line each: the text as hex of its UTF-8, a tab, the ids."""
import json
import random
import sys

from slow_tokenizer import line, merge

EXTRA = ["<eos>", "<pad>", "<bos>", "the photo", "猫!", "  ", "<0x41>", "▁", "\n", "<unk", "THE CAT"]


def encode(text, vocabulary, ranks, added):
    ids = []
    while text:
        at = min((text.find(token) % (len(text) + 1), -len(token), token) for token in added)
        symbols = []
        for c in "".join(c.lower() for c in text[:at[0]]).replace(" ", "▁"):
            symbols += [c] if c in vocabulary else [f"<0x{byte:02X}>" for byte in c.encode()]
        ids += [vocabulary[s] for s in merge(symbols, ranks)]
        if at[0] < len(text):
            ids.append(added[at[2]])
        text = text[at[0] - at[1]:]
    return ids


def main():
    tokenizer = json.load(open(sys.argv[1], encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    merges = [tuple(m.split(" ") if isinstance(m, str) else m) for m in tokenizer["model"]["merges"]]
    added = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    rng = random.Random(2)
    for _ in range(int(sys.argv[2])):
        text = line(rng)
        for _ in range(rng.randrange(4)):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(EXTRA) + text[at:]
        print(text.encode().hex(), *encode(text, vocabulary, {m: i for i, m in enumerate(merges)}, added), sep="\t")


if __name__ == "__main__":
    main()
