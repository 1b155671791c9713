"""A scene: what is in a picture, before it is drawn."""
from dataclasses import dataclass, field, replace

from kinds import CATALOGUE
from places import OUTDOOR, PAPER
from where import BACKDROP, PLACES, SHELTER, TALL, TIMES, weathers, zones


@dataclass(frozen=True)
class Group:
    kind: str
    zone: str                    # ground, water, air, float or table
    colour: str
    pattern: str = None
    count: int = 1
    size: str = None             # tiny, huge or as usual


@dataclass(frozen=True)
class Scene:
    place: str
    groups: tuple                # one or two; the relation reads first -> second
    relation: str = None         # left right above below under front between
    time: str = None             # None where there is no sky
    weather: str = None
    moon: str = None             # full, crescent
    paper: str = None            # the studio's background
    seed: str = field(default="", compare=False)


def pick(rng, weights):
    """One key of a dict of weights, or one of a list."""
    if isinstance(weights, (list, tuple)):
        return weights[int(rng.random() * len(weights))]
    at = rng.random() * sum(weights.values())
    for key, w in weights.items():
        at -= w
        if at < 0:
            return key
    return key


def random_group(rng, zone, kinds, not_kind=None):
    name = pick(rng, [k for k in kinds if k != not_kind])
    k = CATALOGUE[name]
    colour = pick(rng, k.colours)
    pattern = None
    if k.patterns and rng.random() < .3 and colour not in ("golden", "silver", "wooden"):
        pattern = pick(rng, k.patterns)
    limit = 3 if name in TALL else 5
    count = min(limit, pick(rng, {1: 58, 2: 18, 3: 12, 4: 7, 5: 5}))
    return Group(name, zone, colour, pattern, count)


def relate(rng, a, b):
    """A relation that can be drawn between two groups, and the groups as it needs them."""
    if a.zone != b.zone:
        if a.zone != "air":
            a, b = b, a
        return "above", replace(a, count=min(a.count, 3)), replace(b, count=min(b.count, 3))
    if a.zone == "ground":
        if b.kind in SHELTER and a.kind not in TALL + SHELTER and rng.random() < .75:
            return "under", replace(a, count=min(a.count, 3)), replace(b, count=1)
        if b.kind in BACKDROP and a.kind not in BACKDROP + TALL and rng.random() < .6:
            return "front", replace(a, count=min(a.count, 3)), replace(b, count=1)
    if rng.random() < .12:
        return "between", replace(a, count=1), replace(b, count=2)
    if a.zone == "float" and rng.random() < .45:
        return pick(rng, ("above", "below")), replace(a, count=min(a.count, 3)), replace(b, count=min(b.count, 3))
    return pick(rng, ("left", "right")), replace(a, count=min(a.count, 4)), replace(b, count=min(b.count, 4))


def random_scene(rng, seed=""):
    place = pick(rng, PLACES)
    offers = zones(place)
    zone = offers[0] if len(offers) == 1 or rng.random() < .8 else offers[1]
    groups, relation = (random_group(rng, *zone),), None
    if rng.random() < .64:
        other = offers[0] if len(offers) == 1 or rng.random() < .68 else offers[1]
        second = random_group(rng, *other, not_kind=groups[0].kind)
        relation, *pair = relate(rng, groups[0], second)
        groups = tuple(pair)
    elif groups[0].count <= 2 and rng.random() < .3:
        groups = (replace(groups[0], size=pick(rng, ("tiny", "huge"))),)
    time = weather = moon = paper = None
    if place in OUTDOOR:
        time = pick(rng, TIMES)
        weather = pick(rng, weathers(place, time))
        if time == "night" and weather == "clear":
            moon = pick(rng, ("full", "crescent", None))
    elif place == "studio":
        paper = pick(rng, list(PAPER))
    scene = Scene(place, groups, relation, time, weather, moon, paper, seed)
    return scene if visible(scene) else random_scene(rng, seed)


def visible(scene):
    """False where a thing would melt into its background."""
    if scene.place != "studio":
        hidden = {"kitchen": ("wooden",), "space": ("black",), "snowfield": ("white",) if scene.weather == "fog" else ()}
        hidden = hidden.get(scene.place, ()) + (("black",) if scene.time == "night" else ())
        return not any(g.colour in hidden for g in scene.groups)
    clash = {"cream": ("white", "yellow"), "white": ("white", "silver"), "pale blue": ("white",), "pale pink": ("white", "pink"),
             "grey": ("grey", "silver"), "dark blue": ("black", "blue", "purple"), "dark green": ("black", "green"),
             "dark red": ("black", "red", "brown"), "pale green": ("white",), "lilac": ("white",)}
    return not any(g.colour in clash.get(scene.paper, ()) for g in scene.groups)


def twin(scene, rng):
    """The same scene with one thing changed: a lesson for the model."""
    for _ in range(20):
        what = pick(rng, ("colour", "kind", "count", "relation", "time", "weather", "place"))
        i = int(rng.random() * len(scene.groups))
        g, new = scene.groups[i], None
        if what == "colour":
            new = replace(g, colour=pick(rng, CATALOGUE[g.kind].colours))
        elif what == "kind":
            kinds = dict(zones(scene.place))[g.zone]
            new = replace(random_group(rng, g.zone, kinds), count=g.count)
            if scene.relation in ("under", "front") or new.kind in [h.kind for h in scene.groups] or (new.kind in TALL and g.count > 3):
                continue
        elif what == "count" and scene.relation is None:
            new = replace(g, count=1 + int(rng.random() * (3 if g.kind in TALL else 5)), size=None)
        if new:
            out = replace(scene, groups=scene.groups[:i] + (new,) + scene.groups[i + 1:])
        elif what == "relation" and scene.relation in ("left", "right"):
            out = replace(scene, groups=scene.groups[::-1])
        elif what == "time" and scene.time and scene.weather != "rainbow":
            time = pick(rng, TIMES)
            out = replace(scene, time=time, moon=scene.moon if time == "night" else None)
        elif what == "weather" and scene.time:
            out = replace(scene, weather=pick(rng, weathers(scene.place, scene.time)), moon=None)
        elif what == "place" and scene.time:
            place = pick(rng, PLACES)
            if place not in OUTDOOR or scene.weather not in weathers(place, scene.time):
                continue
            offers = dict(zones(place))
            if any(g.kind not in offers.get(g.zone, ()) for g in scene.groups):
                continue
            out = replace(scene, place=place)
        else:
            continue
        if out != scene and visible(out):
            return out
    return scene
