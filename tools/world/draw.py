"""Lay a scene out and draw it."""
import random
from collections import namedtuple

import cairo

from kinds import CATALOGUE
from palette import THING_LIGHT, mix, rgb
from pen import Pen
from places import HORIZON, INDOOR, OUTDOOR, studio
from sky import Air, draw_lightning, draw_sky, draw_weather
from where import TALL

# One thing on the picture: group number, x of its middle, y of its foot, height, mirrored or not.
Item = namedtuple("Item", "group x y h flip")
SHRINK = {1: 1.0, 2: .86, 3: .74, 4: .7, 5: .64}
SIZE = {None: 1.0, "tiny": .52, "huge": 1.5}


def foot_band(place, zone, kind, relation, role, rng):
    """The band (top, bottom) for the foot of a thing."""
    if zone == "air":
        return .30, .46
    if zone == "float":
        if relation in ("above", "below"):
            return (.42, .44) if (relation == "above") == (role == 0) else (.90, .93)
        return .58, .74
    if zone == "table":
        return .82, .93
    if zone == "water":
        return (.72, .90) if relation != "above" else (.82, .92)
    low = {"city": .84, "beach": .76}.get(place, HORIZON[place] + .2)
    if relation in ("under", "front"):
        return (.92, .955) if role == 0 else (low, low + .05)
    if kind in TALL:
        return low, low + .07
    return max(low, .82), .94


def spread(n, width, aspect):
    """How many things stand in each row, the back row first."""
    if n <= 2 or aspect < .85 and n * aspect < 7 * width:
        return [n]
    if n == 3:
        return [3] if width > .5 else [1, 2]
    return [n // 2, n - n // 2]


def lay_group(scene, role, x0, x1, rng, scale=1.0):
    g = scene.groups[role]
    k = CATALOGUE[g.kind]
    top, bottom = foot_band(scene.place, g.zone, g.kind, scene.relation, role, rng)
    rows = spread(g.count, x1 - x0, k.aspect)
    h = k.height * SHRINK[g.count] * SIZE[g.size] * scale * rng.uniform(.94, 1.06)
    h = min(h, (x1 - x0) * .97 / max(rows) / k.aspect)
    if g.zone == "air":
        h = min(h, .34 if scene.relation != "above" else .29)
        if len(rows) == 2:
            h = min(h, .19)
            top, bottom = .44, .48
    if g.zone == "float" and scene.relation in ("above", "below"):
        h = min(h, .34 if len(rows) == 1 else .19)
    if scene.relation == "above" and g.zone in ("ground", "water"):
        h = min(h, .38)
    face, items = rng.choice((1, -1)), []
    for r, n in enumerate(rows):
        y = rng.uniform(top, bottom)
        if len(rows) == 2:
            step = max(.85 * h, .08) if g.zone in ("air", "float", "table") else .62 * h
            y = bottom - (1 - r) * min(step, .3)
            if g.zone == "float" and scene.relation not in ("above", "below"):
                y = .5 + h * 1.05 - (1 - r) * h * 1.1
        if g.zone in ("air", "float") and len(rows) == 1:
            y = max(y, h + .04)
        slot = (x1 - x0) / n
        w = h * k.aspect
        for i in range(n):
            free = max(0.0, slot - w) / 2
            x = x0 + slot * (i + .5) + rng.uniform(-.75, .75) * free
            if n > 1:   # keep friends together, not far apart
                mid = (x0 + x1) / 2
                x = mid + (x0 + slot * (i + .5) - mid) * max(.72, min(1, w * 1.12 / slot)) + rng.uniform(-.1, .1) * free
            dy = rng.uniform(-.5, .5) * (.05 if g.zone in ("air", "float") else .022) if n > 1 else 0
            items.append(Item(role, x, min(y + dy, .965), h * rng.uniform(.96, 1.04), face if rng.random() < .8 else -face))
    return items


def layout(scene, rng):
    """All items, back to front."""
    rel = scene.relation
    if rel is None:
        items = lay_group(scene, 0, .07, .93, rng)
    elif rel in ("left", "right"):
        a, b = ((.03, .485), (.515, .97)) if rel == "left" else ((.515, .97), (.03, .485))
        items = lay_group(scene, 0, *a, rng, .9) + lay_group(scene, 1, *b, rng, .9)
    elif rel in ("above", "below"):
        items = lay_group(scene, 0, .12, .88, rng, .9) + lay_group(scene, 1, .1, .9, rng, .9)
    elif rel in ("under", "front"):
        c = rng.uniform(.4, .6)
        back = lay_group(scene, 1, c - .36, c + .36, rng, 1.22)
        c = back[0].x
        w = .3 if scene.groups[0].count > 1 else .2
        items = back + lay_group(scene, 0, max(.03, c - w), min(.97, c + w), rng, .66)
    else:
        items = lay_group(scene, 0, .36, .64, rng, .85)
        sides = lay_group(scene, 1, .02, .98, rng, .85)
        h = min(sides[0].h, .31 / CATALOGUE[scene.groups[1].kind].aspect)
        w = h * CATALOGUE[scene.groups[1].kind].aspect / 2
        items += [it._replace(x=x, h=h) for it, x in zip(sides, (max(.19, w + .02), min(.81, .98 - w)))]
    back = {i for i, g in enumerate(scene.groups) if i == 1 and rel in ("under", "front")}
    return sorted(items, key=lambda it: (it.group not in back, it.y))


def boxes(scene):
    """(group, x0, y0, x1, y1) of every item in the unit square, back to front."""
    out = []
    for it in layout(scene, random.Random(f"layout {scene.seed}")):
        w = it.h * CATALOGUE[scene.groups[it.group].kind].aspect / 2
        out.append((it.group, it.x - w, it.y - it.h, it.x + w, it.y))
    return out


def shadow(ctx, it, aspect, alpha):
    ctx.save()
    ctx.translate(it.x + .012 * it.flip, it.y - it.h * .005)
    r = it.h * aspect * .56
    ctx.scale(r, max(.008, min(r * .17, .022)))
    g = cairo.RadialGradient(0, 0, .2, 0, 0, 1)
    g.add_color_stop_rgba(0, .07, .06, .2, alpha)
    g.add_color_stop_rgba(1, .07, .06, .2, 0)
    ctx.set_source(g)
    ctx.arc(0, 0, 1, 0, 7)
    ctx.fill()
    ctx.restore()


def foam(ctx, it, aspect, air):
    """The water line of a thing that swims."""
    w = it.h * aspect * .5
    c = mix(air.tint("3a8fc4"), air.horizon, .3)
    for dy, k, colour, width in ((.0, 1.06, c, .014), (-.004, .98, mix(c, "ffffff", .6), .0055), (.014, .7, mix(c, "ffffff", .35), .004)):
        ctx.set_source_rgba(*rgb(colour), .9)
        ctx.set_line_width(width)
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        ctx.move_to(it.x - w * k, it.y + dy)
        ctx.curve_to(it.x - w * .4 * k, it.y + dy + .009, it.x + w * .3 * k, it.y + dy - .009, it.x + w * k, it.y + dy)
        ctx.stroke()


def draw_item(ctx, scene, it, light, air):
    g = scene.groups[it.group]
    k = CATALOGUE[g.kind]
    if g.zone in ("ground", "table"):
        shadow(ctx, it, k.aspect, .42 if g.zone == "ground" else .5)
    ctx.save()
    ctx.translate(it.x, it.y)
    ctx.scale(it.h * it.flip, it.h)
    k.draw(Pen(ctx, g.colour, g.pattern, light, lit=scene.time == "night", chance=int(it.x * 9973)))
    ctx.restore()
    if g.zone == "water":
        foam(ctx, it, k.aspect, air)


def draw(scene, size):
    """The picture as a cairo surface of size x size pixels."""
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, size, size)
    ctx = cairo.Context(surface)
    ctx.scale(size, size)
    rng = random.Random(f"ground {scene.seed}")
    air, light = None, ("ffffff", 0.0)
    if scene.place in OUTDOOR:
        air = Air(scene.time, scene.weather)
        horizon = HORIZON[scene.place]
        ctx.set_source_rgb(*air.tint("86a184", .3))
        ctx.paint()
        draw_sky(ctx, air, rng, min(horizon, .9), scene.moon)
        if scene.weather == "storm":
            draw_lightning(ctx, rng, min(horizon, .6))
        OUTDOOR[scene.place](ctx, air, rng, horizon)
        light = THING_LIGHT[scene.time]
        if scene.weather in ("fog", "storm", "rain"):
            light = (mix(light[0], air.over, .5), light[1] + .07)
    elif scene.place == "studio":
        studio(ctx, rng, scene.paper)
    else:
        INDOOR[scene.place](ctx, air, rng, .6)
    for it in layout(scene, random.Random(f"layout {scene.seed}")):
        draw_item(ctx, scene, it, light, air)
    if air:
        draw_weather(ctx, air, rng)
    surface.flush()
    return surface
