"""Colours: named ones for things, and the light of each time of day."""

COLOURS = {
    "red": "d8433a", "orange": "f08a34", "yellow": "f6c83f", "green": "4c9f58",
    "blue": "3a72c8", "purple": "7d52b8", "pink": "f08fb4", "brown": "8b5a3a",
    "white": "f7f4ec", "black": "2b2b36", "grey": "8e949d", "turquoise": "2fb5ac",
    # Materials are painted like colours, with their own texture (see pen.py).
    "golden": "e0ac2c", "silver": "b4bcc8", "wooden": "b07b48",
}
MATERIALS = ("golden", "silver", "wooden")
PATTERNS = ("striped", "spotted", "checked")

# Sky from the zenith to the horizon.
SKIES = {
    "dawn": ("86a0d6", "c9b4dc", "f7c9cf", "fdebc9"),
    "day": ("3f93df", "7cbdee", "b9e0f5", "e9f6f6"),
    "sunset": ("4c3678", "b24a77", "f07f55", "fdd083"),
    "night": ("070d2a", "121d4a", "24336b", "46548f"),
}
# What the light does to everything on the ground: mix with (colour, amount).
LIGHT = {
    "dawn": ("eab7bd", 0.24), "day": ("ffffff", 0.0),
    "sunset": ("8d3350", 0.30), "night": ("0c1640", 0.36),
}
# The same for the things in the picture, gentler: their colours must be seen.
THING_LIGHT = {
    "dawn": ("f3c9c4", 0.08), "day": ("ffffff", 0.0),
    "sunset": ("c2553f", 0.12), "night": ("16215a", 0.24),
}
WEATHER_SKY = {  # mix the sky with (colour, amount)
    "clear": ("ffffff", 0.0), "rainbow": ("cfe3ee", 0.25),
    "cloudy": ("a9b4c2", 0.42), "rain": ("67788f", 0.62),
    "snow": ("c3cedb", 0.55), "fog": ("d5dadd", 0.6), "storm": ("2e2f4a", 0.72),
}


def rgb(colour):
    """'d8433a' or a name from COLOURS, or a tuple already, as three floats."""
    if isinstance(colour, tuple):
        return colour
    h = COLOURS.get(colour, colour)
    return tuple(int(h[i:i + 2], 16) / 255 for i in (0, 2, 4))


def mix(a, b, amount):
    a, b = rgb(a), rgb(b)
    return tuple(x + (y - x) * amount for x, y in zip(a, b))


def lighter(colour, amount=0.25):
    return mix(colour, (1.0, 1.0, 0.97), amount)


def darker(colour, amount=0.25):
    return mix(colour, (0.06, 0.05, 0.16), amount)


def luminance(colour):
    r, g, b = rgb(colour)
    return 0.3 * r + 0.59 * g + 0.11 * b
