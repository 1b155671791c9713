"""CLIP's tokenizer once more, slow and with nothing but Python's standard library: the oracle of tokenizer_test.cc.

    python3 slow_tokenizer.py bpe_simple_vocab_16e6.txt.gz COUNT

Prints, for COUNT generated lines in many scripts, one line each: the text as hex of its UTF-8, a tab, "1" if it was
truncated to 77 tokens else "0", a tab, the ids. Follows the paper's code step by step: merge the best pair wherever it
stands, look for the best pair again."""
import gzip
import html
import random
import sys
import unicodedata

SPECIAL = ("<|startoftext|>", "<|endoftext|>")
CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")
SPACE = {*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}


def byte_letters():
    seen = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    unseen = [b for b in range(256) if b not in seen]
    return {**{b: chr(b) for b in seen}, **{b: chr(256 + i) for i, b in enumerate(unseen)}}


LETTERS = byte_letters()


def load(path):
    lines = gzip.open(path).read().decode("utf-8").split("\n")
    merges = [tuple(line.split()) for line in lines[1:49152 - 256 - 2 + 1]]
    letters = list(LETTERS.values())
    tokens = letters + [c + "</w>" for c in letters] + ["".join(m) for m in merges] + list(SPECIAL)
    return {t: i for i, t in enumerate(tokens)}, {m: i for i, m in enumerate(merges)}


def kind(c):
    if ord(c) in SPACE:
        return "space"
    return {"L": "letter", "N": "number"}.get(unicodedata.category(c)[0], "other")


def pieces(text):
    """'s|'t|'re|'ve|'m|'ll|'d|[letters]+|[number]|[others]+"""
    while text:
        short = [c for c in CONTRACTIONS if text.startswith(c)]
        n = len(short[0]) if short else 1
        if not short and kind(text[0]) in ("letter", "other"):
            while n < len(text) and kind(text[n]) == kind(text[0]):
                n += 1
        if kind(text[0]) != "space":
            yield text[:n]
        text = text[n:]


def merge(symbols, ranks):
    while True:
        best = min(zip(symbols, symbols[1:]), key=lambda pair: ranks.get(pair, 1 << 30), default=None)
        if best not in ranks:
            return symbols
        merged, i = [], 0
        while i < len(symbols):
            double = tuple(symbols[i:i + 2]) == best
            merged.append("".join(best) if double else symbols[i])
            i += 2 if double else 1
        symbols = merged


def bpe(piece, ranks):
    word = [LETTERS[b] for b in piece.encode()]
    word[-1] += "</w>"
    return merge(word, ranks)


def encode(text, vocabulary, ranks):
    text = html.unescape(html.unescape(text))
    ids = []
    while text:
        # The first special token; a missing one counts as standing at the end.
        at = min((text.find(s) % (len(text) + 1), s) for s in SPECIAL)
        plain = "".join(c.lower() for c in unicodedata.normalize("NFC", text[:at[0]]))
        for piece in pieces(plain):
            ids += [vocabulary[t] for t in bpe(piece, ranks)]
        if at[0] < len(text):
            ids.append(vocabulary[at[1]])
        text = text[at[0] + len(at[1]):]
    start, end = (vocabulary[s] for s in SPECIAL)
    return [start, *ids[:75], end], len(ids) > 75


WORDS = """a photo of the cat dog don't it's they're we've I'm you'll he'd IT'S Quick BROWN fox 12345 3.14 $100 C++ e-mail
naïve café cafe\u0301 Straße ΟΔΟΣ İstanbul ıspanak Привет МИР 你好世界 こんにちは カタカナ 한국어 \u1112\u1161\u11ab مرحبا שלום नमस्ते ไทย
თბილისი 🐶🐱 👩‍👩‍👧 🇫🇷 ❤️ ½ Ⅷ ² ٣٤ ﬁne Ａｂｃ Å ... ?!? — “quoted” ’s #tag @user http://x.y/z?q=1&r=2 &amp; &lt;b&gt; &#39;s
&amp;amp; &eacute; &nosuch; &#x1F436; <|endoftext|> <|startoftext|> <|ENDOFTEXT|> \u200b \ufeff \u00a0 \u3000 \x1c ''""".split(" ")
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x6FF), (0x900, 0x97F),
          (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x2BFF), (0x3040, 0x30FF), (0x4E00, 0x9FFF),
          (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x10000, 0x10FFF), (0x1D400, 0x1D7FF), (0x1F300, 0x1FAFF)]


def line(rng):
    if rng.random() < 0.5:
        return rng.choice([" ", "", "  "]).join(rng.choice(WORDS) for _ in range(rng.randrange(30)))
    low, high = rng.choice(RANGES)
    chars = (chr(rng.randint(low, high)) for _ in range(rng.randrange(1, 40)))
    return "".join(c for c in chars if unicodedata.category(c) not in ("Cn", "Cs"))


def main():
    vocabulary, ranks = load(sys.argv[1])
    rng = random.Random(1)
    for _ in range(int(sys.argv[2])):
        text = line(rng)
        ids, truncated = encode(text, vocabulary, ranks)
        print(text.encode().hex(), int(truncated), *ids, sep="\t")


if __name__ == "__main__":
    main()
