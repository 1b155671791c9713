"""Pillow and Elanus in turns: ab.py BENCH_PREPROCESS [ROUNDS]. See README.md."""
import io
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import PIL
from PIL import Image, features

SIDE = 224


def photograph(width, height, seed):
    """A synthetic photograph: 1/f noise in colour, some hard edges, sensor noise."""
    random = np.random.default_rng(seed)
    fy, fx = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    falloff = 1 / np.maximum(np.hypot(fy, fx), 1 / max(width, height))
    planes = []
    for _ in range(3):
        plane = np.fft.irfft2(np.fft.rfft2(random.standard_normal((height, width))) * falloff, s=(height, width))
        planes.append(plane / plane.std() * 45 + 120)
    picture = np.stack(planes, -1)
    picture = picture.mean(-1, keepdims=True) * 0.7 + picture * 0.3
    for _ in range(12):
        x, y = random.integers(0, width), random.integers(0, height)
        picture[y:y + height // 5, x:x + width // 5] += random.normal(0, 40, 3)
    picture += random.normal(0, 3, picture.shape)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


def with_pillow(data, draft):
    image = Image.open(io.BytesIO(data))
    width, height = image.size
    if draft:
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
    image = image.convert("RGB")
    size = (SIDE, SIDE * height // width) if width <= height else (SIDE * width // height, SIDE)
    image = image.resize(size, Image.Resampling.BICUBIC)
    x, y = (size[0] - SIDE) // 2, (size[1] - SIDE) // 2
    return np.asarray(image.crop((x, y, x + SIDE, y + SIDE)))


class Elanus:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        first, _, rest = self.process.stdout.readline().partition(" ")
        if first == "error":
            sys.exit(f"{line}: {rest}")
        return float(first), rest.strip()


def main():
    elanus, rounds = Elanus(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 31
    print(f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}; {rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        for width, height, quality in ((4000, 3000, 90), (500, 375, 92)):
            path = pathlib.Path(folder) / f"{width}.jpg"
            photograph(width, height, 1).save(path, quality=quality)
            data = path.read_bytes()
            reference = with_pillow(data, False).astype(int)
            for mode in ("exact", "scaled"):
                pixels = np.frombuffer(bytes.fromhex(elanus.ask(f"show {mode} {path}")[1]), np.uint8)
                off = np.abs(pixels.reshape(SIDE, SIDE, 3) - reference)
                print(f"{width}x{height}, {len(data)} bytes, {mode}: differs from Pillow by at most {off.max()}, "
                      f"on average {off.mean():.3f} levels")
            times = {name: [] for name in ("Pillow", "Pillow draft", "exact", "scaled")}
            for _ in range(rounds):
                for name in times:
                    if name.startswith("Pillow"):
                        start = time.thread_time()
                        with_pillow(data, name != "Pillow")
                        times[name].append((time.thread_time() - start) * 1e3)
                    else:
                        times[name].append(elanus.ask(f"{name} {path}")[0])
            middle = {name: statistics.median(values) for name, values in times.items()}
            for name, values in times.items():
                print(f"  {name:12} median {middle[name]:8.2f} ms, best {min(values):8.2f} ms; Pillow takes "
                      f"{middle['Pillow'] / middle[name]:.2f} times as long")


if __name__ == "__main__":
    main()
