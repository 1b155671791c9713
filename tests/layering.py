"""The rooms table in ARCHITECTURE.md is the rule; this fails, with file and line, on an include that breaks it."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
table = re.findall(r"^\| `(\w+)` \|[^|]*\| ?([\w`, –]*?) ?\|$", (root / "ARCHITECTURE.md").read_text(), re.M)
allowed = {room: {room, *re.findall(r"\w+", below)} for room, below in table}
rooms = {p.name for p in (root / "src").iterdir() if p.is_dir() and any(p.iterdir())}
problems = [f"{r}: a folder in src/ but no room in ARCHITECTURE.md" for r in sorted(rooms - allowed.keys())]
problems += [f"{r}: a room in ARCHITECTURE.md but no folder in src/" for r in sorted(allowed.keys() - rooms)]
order = list(allowed)
for room in order:
    problems += [f"{room}: may include {b}, which is not below it in the table"
                 for b in allowed[room] - {room} if b not in order or order.index(b) >= order.index(room)]
for source in sorted((root / "src").rglob("*.*")):
    room = source.relative_to(root / "src").parts[0]
    for number, line in enumerate(source.read_text().splitlines(), 1):
        where = f"{source.relative_to(root)}:{number}"
        include = re.match(r'\s*#\s*include\s*"(\w+)/', line)
        if include and include[1] not in allowed.get(room, ()) and include[1] != "tests":
            problems.append(f"{where}: {room} may not include {include[1]}")
        namespace = re.match(r"namespace elanus::(\w+)", line)
        if namespace and namespace[1] != room:
            problems.append(f"{where}: namespace elanus::{namespace[1]} in the folder {room}")
print("\n".join(problems) or f"{len(rooms)} rooms keep their walls")
sys.exit(bool(problems))
