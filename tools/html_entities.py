"""Writes src/clip/html_entities.inc: HTML5's named character references, as Python's html module lists them.

    python3 tools/html_entities.py > src/clip/html_entities.inc
"""
from html.entities import html5


def literal(text):
    """A C++ string literal of the text's UTF-8 bytes."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'


print("// Written by tools/html_entities.py: {name, UTF-8}, sorted by the bytes of the name.")
for name in sorted(html5):
    print(f'{{"{name}", {literal(html5[name])}}},')
