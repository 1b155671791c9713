"""What every peer in Python does with the commands on standard input, which are those of elanus.cc."""

import sys
import time


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
