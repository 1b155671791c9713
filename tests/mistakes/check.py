"""Compiles a file of mistakes and holds each to its words: check.py FILE COMPILER FLAGS...

A line marked `// -> type: words` (or only one of them) must give exactly one error, on that line or required from it, whose
text has both; no other line may give any. So every mistake is told once, where it was made, in words."""
import os
import re
import subprocess
import sys

source, compiler, *flags = sys.argv[1:]
done = subprocess.run([compiler, *flags, "-fsyntax-only", "-fno-diagnostics-show-caret", "-fdiagnostics-color=never", source],
                      capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, timeout=300)
# An error's story begins where the compiler says what it was doing, and ends behind the error's own line.
stories, story = [], []
for line in done.stderr.splitlines():
    if re.search(r": In (instantiation|substitution|function|member|static|lambda)", line):
        story = []
    story.append(line)
    if ": error: " in line:
        stories.append("\n".join(story).replace("elanus::pipeline::", ""))
        story = []
marked = {number: mark[1].strip() for number, line in enumerate(open(source), 1) if (mark := re.search(r"// -> (.*)", line))}
problems, told = [], {number: [] for number in marked}
for text in stories:
    lines = [int(n) for n in re.findall(re.escape(source) + r":(\d+)", text) if int(n) in marked]
    if lines:
        told[lines[-1]].append(text)
    else:
        problems.append(f"an error that no mark expects:\n{text}")
for number, texts in told.items():
    if len(texts) != 1:
        problems.append(f"{source}:{number}: expected one error, got {len(texts)}\n" + "\n".join(texts))
    elif not all(words in texts[0] for words in re.split(r"(?<=>): ", marked[number])):
        problems.append(f"{source}:{number}: expected the words\n  {marked[number]}\nin\n{texts[0]}")
print("\n\n".join(problems) or f"{len(marked)} mistakes, one error each, in the expected words")
sys.exit(bool(problems))
