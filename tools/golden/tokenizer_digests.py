"""What an independent tokenizer gives for the lines of tests/support/lines.py, folded into one number per thousand lines."""
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "tests/support"))
from lines import lines  # noqa: E402

COUNT, GROUP = 10000, 1000


def fnv1a(ids, state):
    """64-bit FNV-1a of the ids as little-endian 32-bit numbers, and of -1 at the end of the line."""
    for byte in b"".join(int(i).to_bytes(4, "little", signed=True) for i in [*ids, -1]):
        state = (state ^ byte) * 0x100000001B3 % (1 << 64)
    return state


def write_digests(folder, encode):
    """encode(text) gives all ids of the text, without special tokens around them or a limit."""
    digests = []
    for number, line in enumerate(lines(COUNT)):
        if number % GROUP == 0:
            digests.append(0xCBF29CE484222325)
        digests[-1] = fnv1a(encode(line), digests[-1])
    (folder / "digests.txt").write_text("".join(f"{digest:016x}\n" for digest in digests))
