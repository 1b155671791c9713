"""How long the compiler takes for a program with 0, 8 and 16 map stages: compile_time.py [COMPILER], medians of 5, in turns.
Each stage adds a column, so that every row type is another."""
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

compiler = sys.argv[1] if len(sys.argv) > 1 else "g++"
source = pathlib.Path(__file__).parents[2] / "src"


def program(stages):
    chain = "".join(f'      .map<"c{i}", "c{i + 1}">([](int n) {{ return n + 1; }})\n' for i in range(stages))
    run = f'  (void)from<"c0">({{1, 2}})\n{chain}      .for_each<"c{stages}">([](int) {{}});\n' if stages else ""
    return f'#include "pipeline/pipeline.h"\nusing namespace elanus::pipeline;\nint main() {{\n{run}}}\n'


def cpu_seconds(file, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([compiler, "-std=c++20", "-O2", f"-I{source}", "-c", file, "-o", folder / "out.o"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


with tempfile.TemporaryDirectory() as name:
    folder, counts = pathlib.Path(name), (0, 8, 16)
    for stages in counts:
        (folder / f"{stages}.cc").write_text(program(stages))
    times = {stages: [] for stages in counts}
    for _ in range(5):
        for stages in counts:
            times[stages].append(cpu_seconds(folder / f"{stages}.cc", folder))
    for stages in counts:
        print(f"{compiler} -O2, {stages:2} stages: {statistics.median(times[stages]):.2f} s of CPU")
