"""Lines of text in many scripts, the same on every machine and in every version of Python.

    python3 lines.py COUNT

Prints each line as hex of its UTF-8. With a tokenizer's ids of the first 10,000 lines, folded into digests, a test compares
tokenizers without having both at hand (tools/golden/tokenizer_digests.py)."""
import sys
from unicodedata import ucd_3_2_0

WORDS = """a photo of the cat dog don't it's they're we've I'm you'll he'd IT'S Quick BROWN fox 12345 3.14 $100 C++ e-mail
naïve café cafe\u0301 Straße ÉCOLE ΟΔΟΣ İstanbul ıspanak Привет МИР 你好世界 一只白色的狗 在海边奔跑 日落时的城市 猫和狗。 “你好”，世界！
こんにちは カタカナ ｶﾞｷﾞ 한국어 \u1112\u1161\u11ab مرحبا שלום नमस्ते ไทย თბილისი 🐶🐱 👩‍👩‍👧 🇫🇷 ❤️ ½ Ⅷ ² ٣٤ ﬁne ﷺ ㈱ ㎏ ① Ａｂｃ Å ... ?!? — “quoted” ’s #tag
@user http://x.y/z?q=1&r=2 &amp; snake_case [CLS] [SEP] [UNK] [PAD] </s> <unk> <pad> <eos> ▁ ##ing aaaaaaa tototototo \u200b \ufeff
\u00a0 \u3000 \x1c \x00 \x85 \t \u0323\u0301 verylongword""".split(" ") + ["x" * 101]
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F),
          (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x2BFF), (0x2E80, 0x2FDF), (0x3000, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
          (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE00, 0xFFEF), (0x10300, 0x1044F), (0x1D000, 0x1D7FF), (0x20000, 0x2A6DF), (0x2F800, 0x2FA1F)]


MASK = (1 << 64) - 1


class Numbers:
    """Knuth's MMIX generator: Python promises its own sequences only for random()."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 33) % n

    def choice(self, values):
        return values[self.below(len(values))]


def is_old(c):
    """Assigned in Unicode 3.2, of which every later version knows the same."""
    return ucd_3_2_0.category(c) not in ("Cn", "Cs")


def lines(count):
    numbers = Numbers(1)
    for _ in range(count):
        if numbers.below(2):
            yield numbers.choice([" ", " ", "", "  "]).join(numbers.choice(WORDS) for _ in range(numbers.below(24)))
            continue
        low, high = numbers.choice(RANGES)
        characters = (chr(low + numbers.below(high - low + 1)) for _ in range(1 + numbers.below(30)))
        yield "".join(c for c in characters if is_old(c))


if __name__ == "__main__":
    for line in lines(int(sys.argv[1])):
        print(line.encode().hex())
