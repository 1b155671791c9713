"""What every peer in Python does with the commands on standard input, which are those of elanus.cc."""

import sys
import time

import numpy as np

MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def inputs_of(folder):
    """Pictures as the towers take them, the text's tokens, and the same padded to 77."""
    pixels = np.fromfile(folder / "pixels.u8", np.uint8).reshape(-1, 224, 224, 3)
    values = ((pixels / 255 - np.array(MEAN)) / np.array(STD)).astype(np.float32).transpose(0, 3, 1, 2)
    tokens = np.load(folder / "tokens.npy")
    padded = np.full((1, 77), tokens[0, -1])
    padded[0, :tokens.shape[1]] = tokens[0]
    return np.ascontiguousarray(values), tokens, padded


def serve(image, text, values, tokens, padded):
    """`image` and `text` are the towers; `values` pictures, `tokens` a text's, `padded` the same up to 77. Each vector is a flat
    list of numbers when asked for with `answer`, and is thrown away when timed."""
    for line in sys.stdin:
        command, *numbers = line.split()
        if command == "answer":
            print(*image(values).ravel().tolist(), *text(tokens).ravel().tolist(), flush=True)
            continue
        run, argument = text, tokens if command == "text" else padded
        if command == "image":
            run, argument = image, values[:int(numbers[0])]
        times = []
        for _ in range(int(numbers[-1])):
            start, processor = time.perf_counter(), time.process_time()
            run(argument)
            times += [(time.perf_counter() - start) * 1e3, (time.process_time() - processor) * 1e3]
        print(*times, flush=True)
