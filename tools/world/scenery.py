"""Pieces that places are made of: hills, water, grass, small stamped things."""
import math

import cairo

from palette import darker, lighter, mix, rgb
from pen import Pen
from sky import gradient


def ridge(ctx, rng, y, height, colour, waves=3, bottom=1.0, sharp=False):
    """A line of hills (or peaks) across the picture, filled down to the bottom."""
    parts = [(rng.uniform(.5, 1.0) / (k + 1), rng.uniform(.6, 1.3) * (k + 1) * waves, rng.uniform(0, 7))
             for k in range(3)]
    ctx.new_path()
    ctx.move_to(-.01, bottom)
    for i in range(61):
        x = i / 60 * 1.02 - .01
        v = sum(a * math.sin(f * x * 2 + p) for a, f, p in parts) / sum(a for a, _, _ in parts)
        if sharp:
            v = abs(math.asin(math.sin(parts[0][1] * x * 1.7 + parts[0][2]))) * 1.1 - .9 + .12 * math.sin(31 * x)
        ctx.line_to(x, y - height * (v + 1) / 2)
    ctx.line_to(1.01, bottom)
    ctx.close_path()
    g = cairo.LinearGradient(0, y - height, 0, y + height * .8 + .12)
    g.add_color_stop_rgb(0, *lighter(colour, .1))
    g.add_color_stop_rgb(1, *darker(colour, .1))
    ctx.set_source(g)
    ctx.fill()


def stamp(ctx, draw, x, y, h, colour, light, lit=False, flip=1):
    """A piece of scenery, drawn like a thing."""
    ctx.save()
    ctx.translate(x, y)
    ctx.scale(h * flip, h)
    draw(Pen(ctx, colour, None, light, lit))
    ctx.restore()


def tufts(ctx, rng, colour, top, n):
    ctx.set_line_width(.004)
    for _ in range(n):
        x, y = rng.random(), rng.uniform(top, 1)
        s = .008 + .016 * (y - top)
        ctx.set_source_rgba(*rgb(colour), .7)
        for d in (-1, 0, 1):
            ctx.move_to(x, y)
            ctx.line_to(x + d * s * .6, y - s * (1.4 if d == 0 else 1))
        ctx.stroke()


def waves(ctx, rng, colour, top, bottom, n):
    for _ in range(n):
        t = rng.random()
        y = top + (bottom - top) * t ** 1.3
        x, w = rng.random(), .02 + .07 * t
        ctx.set_source_rgba(*rgb(colour), .3 + .25 * rng.random())
        ctx.set_line_width(.003 + .003 * t)
        ctx.move_to(x - w, y)
        ctx.curve_to(x - w / 2, y - .008, x + w / 2, y + .008, x + w, y)
        ctx.stroke()


def water(ctx, air, rng, top, bottom, n=34):
    base = air.tint("3a8fc4")
    gradient(ctx, 0, top, 1, bottom - top, (mix(base, air.horizon, .55), mix(base, air.sky[1], .15), darker(base, .22)))
    waves(ctx, rng, lighter(air.horizon, .5), top + .015, bottom, n)
