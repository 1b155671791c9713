"""Skies, sun, moon and stars, clouds, and what falls from them."""
import math

import cairo

from palette import LIGHT, SKIES, WEATHER_SKY, lighter, mix, rgb


class Air:
    """The light of one scene: sky colours, and the tint on everything else."""

    def __init__(self, time, weather):
        self.time, self.weather = time, weather
        over, amount = WEATHER_SKY[weather]
        if time == "night":
            over, amount = mix(over, "0a1230", 0.72), amount * 0.8
        elif time in ("dawn", "sunset"):
            amount *= 0.62
        self.sky = [mix(c, over, amount) for c in SKIES[time]]
        self.horizon = self.sky[-1]
        self.over, self.amount = over, amount

    def tint(self, colour, far=0.0):
        """The colour of land under this light; far = 1 melts into the horizon."""
        if self.time == "night":                       # moonlight: blue, not grey
            colour = tuple(x * y for x, y in zip(rgb(colour), (0.58, 0.64, 0.86)))
        c = mix(mix(colour, *LIGHT[self.time]), self.over, self.amount * 0.32)
        if self.weather == "snow":
            c = mix(c, mix("f4f7fa", *LIGHT[self.time]), 0.30)
        return mix(c, self.sky[2], far)


def gradient(ctx, x, y, w, h, stops, alpha=None):
    g = cairo.LinearGradient(0, y, 0, y + h)
    for i, c in enumerate(stops):
        at = i / (len(stops) - 1)
        if alpha:
            g.add_color_stop_rgba(at, *rgb(c), alpha[i])
        else:
            g.add_color_stop_rgb(at, *rgb(c))
    ctx.set_source(g)
    ctx.rectangle(x, y, w, h)
    ctx.fill()


def glow(ctx, x, y, r, colour, alpha):
    g = cairo.RadialGradient(x, y, 0, x, y, r)
    for at, a in ((0, 1), (.35, .42), (1, 0)):
        g.add_color_stop_rgba(at, *rgb(colour), alpha * a)
    ctx.set_source(g)
    ctx.arc(x, y, r, 0, 7)
    ctx.fill()


def disc(ctx, x, y, r, colour, alpha=1.0):
    ctx.set_source_rgba(*rgb(colour), alpha)
    ctx.new_path()
    ctx.arc(x, y, r, 0, 7)
    ctx.fill()


def cloud(ctx, x, y, w, colour, alpha):
    ctx.set_source_rgba(*rgb(colour), alpha)
    ctx.new_path()
    for dx, dy, r in ((-.3, 0, .16), (-.1, -.09, .22), (.14, -.05, .19), (.32, .01, .14)):
        ctx.new_sub_path()
        ctx.arc(x + dx * w, y + dy * w, r * w, 0, 7)
    ctx.rectangle(x - .3 * w, y, .62 * w, .155 * w)
    ctx.save()
    ctx.clip()
    ctx.rectangle(x - w, y - w, 2 * w, w * 1.155)
    ctx.fill()
    ctx.restore()


def stars(ctx, rng, n, bottom):
    for _ in range(n):
        s = rng.choice((.0016, .0022, .003, .0042))
        disc(ctx, rng.random(), rng.random() ** 1.3 * bottom, s, "fff8dc", rng.uniform(.5, 1))


def draw_sky(ctx, air, rng, horizon, moon):
    gradient(ctx, 0, 0, 1, horizon + .02, air.sky)
    time, weather = air.time, air.weather
    bright = weather in ("clear", "rainbow")
    side = rng.choice((.18, .82, .5)) + rng.uniform(-.07, .07)
    if time == "night":
        if bright:
            stars(ctx, rng, 90, horizon)
        if moon and weather in ("clear", "cloudy", "fog"):
            y, r = rng.uniform(.12, .2), .062
            glow(ctx, side, y, .3, "cfd8ff", .5)
            if moon == "crescent":
                ctx.set_source_rgb(*rgb("fdf3cf"))
                ctx.new_path()
                ctx.arc(side, y, r, .9, 5.1)
                ctx.arc_negative(side + r * .5, y - r * .12, r * .84, 4.55, 1.25)
                ctx.close_path()
                ctx.fill()
            else:
                disc(ctx, side, y, r, "fdf3cf")
                for dx, dy, q in ((-.02, -.01, .014), (.018, .016, .01), (.012, -.025, .008)):
                    disc(ctx, side + dx, y + dy, q, "e6d9ae")
    elif bright or weather == "fog":
        y = {"dawn": horizon - .05, "day": rng.uniform(.11, .17), "sunset": horizon - .035}[time]
        r = {"dawn": .06, "day": .058, "sunset": .1}[time]
        colour = {"dawn": "fff1cf", "day": "fff3b8", "sunset": "ffd45e"}[time]
        glow(ctx, side, y, {"dawn": .4, "day": .3, "sunset": .55}[time], colour, .75)
        disc(ctx, side, y, r, colour, .6 if weather == "fog" else 1)
    n = {"clear": 2, "rainbow": 3, "snow": 6, "fog": 3}.get(weather, 8)
    if time == "night" and weather == "clear":
        n = 0
    base = lighter(air.sky[2], .75) if time != "night" else lighter(air.sky[2], .18)
    if weather in ("rain", "storm"):
        base = mix(air.sky[1], "20243c" if weather == "storm" else "56637a", .45)
    for _ in range(n):
        x, y, w = rng.uniform(-.05, 1.05), rng.uniform(.06, max(.1, horizon * .6)), rng.uniform(.17, .34)
        if n > 6:
            w *= 1.25
        cloud(ctx, x, y, w, mix(base, air.sky[1], rng.uniform(0, .3)), .9 if n > 6 else .8)
    if weather == "rainbow":
        cx, r0 = rng.uniform(.3, .7), rng.uniform(.42, .5)
        for i, c in enumerate(("e8564f", "f39a4a", "f7d75a", "6cbf6a", "4f8fd8", "8a62c0")):
            ctx.set_source_rgba(*rgb(c), .62)
            ctx.set_line_width(.0185)
            ctx.new_path()
            ctx.arc(cx, horizon + .03, r0 - i * .018, math.pi, 2 * math.pi)
            ctx.stroke()


def draw_weather(ctx, air, rng):
    """Over everything: rain, snow, fog, lightning."""
    w = air.weather
    if w == "fog":
        haze = mix("e9edee", air.sky[2], .45 if air.time != "night" else .7)
        gradient(ctx, 0, 0, 1, 1, (haze, haze, haze), (.15, .34, .16))
        for _ in range(5):
            x, y = rng.uniform(-.1, 1.1), rng.uniform(.42, .8)
            ctx.save()
            ctx.translate(x, y)
            ctx.scale(1, .16)
            glow(ctx, 0, 0, rng.uniform(.35, .55), lighter(haze, .3), .5)
            ctx.restore()
    elif w in ("rain", "storm"):
        ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        for _ in range(130):
            x, y, n = rng.uniform(0, 1.1), rng.uniform(-.03, 1), rng.uniform(.022, .05)
            ctx.set_source_rgba(.86, .93, 1, rng.uniform(.35, .62))
            ctx.set_line_width(.0042)
            ctx.move_to(x, y)
            ctx.line_to(x - n * .34, y + n)
            ctx.stroke()
    elif w == "snow":
        for _ in range(120):
            disc(ctx, rng.random(), rng.random(), rng.choice((.005, .0065, .009, .011)), "ffffff", rng.uniform(.7, .97))


def draw_lightning(ctx, rng, horizon):
    x, y = rng.uniform(.2, .8), .08
    pts = [(x, y)]
    while y < horizon - .03:
        x, y = x + rng.choice((-1, 1)) * rng.uniform(.02, .055), y + rng.uniform(.05, .09)
        pts.append((x, y))
    glow(ctx, pts[len(pts) // 2][0], horizon * .5, .34, "c9ccff", .5)
    for width, colour, a in ((.026, "b9bdf5", .4), (.0105, "fffbe0", 1)):
        ctx.set_source_rgba(*rgb(colour), a)
        ctx.set_line_width(width)
        ctx.set_line_join(cairo.LINE_JOIN_MITER)
        ctx.new_path()
        for p in pts:
            ctx.line_to(*p)
        ctx.stroke()
