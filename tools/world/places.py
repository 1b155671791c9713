"""Places: the ground, hills, water and scenery behind the things.
Each is a function (ctx, air, rng, horizon) in the unit square."""
import math

import cairo

import plants as P
from palette import darker, lighter, mix, rgb
from pen import Pen
from sky import cloud, disc, glow, gradient

HORIZON = {"sea": .52, "lake": .50, "beach": .42, "desert": .56, "mountains": .60, "forest": .62,
           "city": .70, "snowfield": .58, "farm": .54, "meadow": .58, "road": .56, "garden": .6}


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


def meadow(ctx, air, rng, hz):
    ridge(ctx, rng, hz, .16, air.tint("8fc09a", .5), 2)
    ridge(ctx, rng, hz + .05, .13, air.tint("7cbf7b", .22), 3)
    ridge(ctx, rng, hz + .12, .08, air.tint("86c765"), 2)
    tufts(ctx, rng, air.tint("5d9f4b"), hz + .14, 34)
    for _ in range(16):
        disc(ctx, rng.random(), rng.uniform(hz + .16, .99), .005, air.tint(rng.choice(("fff6d8", "f7d75a", "f3b6cf"))))


def garden(ctx, air, rng, hz):
    hedge = air.tint("3f8a56", .12)
    for i in range(15):
        disc(ctx, i / 14, hz - .02 + rng.uniform(-.012, .012), .055, mix(hedge, "2d6a44", .25 * (i % 2)))
    gradient(ctx, 0, hz - .02, 1, 1.02 - hz, (air.tint("8ccf6e"), air.tint("5fae55")))
    ctx.set_source_rgb(*air.tint("f8f4ea"))
    for i in range(17):
        x = i / 16
        ctx.rectangle(x - .016, hz - .055, .032, .115)
    for y in (hz - .03, hz + .02):
        ctx.rectangle(0, y, 1, .016)
    ctx.fill()
    for i in range(26):
        x, y = rng.random(), rng.choice((rng.uniform(hz + .065, hz + .09), rng.uniform(.96, .99)))
        disc(ctx, x, y, .012, air.tint("3f8a4a"))
        disc(ctx, x, y - .012, .0095, air.tint(rng.choice(("f08fb4", "d8433a", "f6c83f", "9b72cf", "fbf7ee"))))


def farm(ctx, air, rng, hz):
    ridge(ctx, rng, hz, .1, air.tint("8fb58a", .5), 2)
    gradient(ctx, 0, hz, 1, 1 - hz, (air.tint("dcb95a"), air.tint("b98d3c")))
    cx = rng.uniform(.35, .65)
    for i in range(-9, 10):
        ctx.set_source_rgba(*air.tint("7fa64a" if i % 2 else "93b957"), .9)
        ctx.move_to(cx + i * .06, hz)
        ctx.line_to(cx + i * .06 + .03, hz)
        ctx.line_to(cx + (i + .5) * .3, 1)
        ctx.line_to(cx + i * .3, 1)
        ctx.close_path()
        ctx.fill()
    ctx.set_source_rgb(*air.tint("8a623c"))
    for i in range(9):
        ctx.rectangle(i / 8 - .01, hz + .0, .018, .075)
    ctx.rectangle(0, hz + .015, 1, .011)
    ctx.rectangle(0, hz + .043, 1, .011)
    ctx.fill()


def beach(ctx, air, rng, hz):
    water(ctx, air, rng, hz, .68, 24)
    y = .6 + rng.uniform(-.02, .03)
    for dy, colour in ((0, lighter(air.horizon, .6)), (.014, air.tint("e2c48c")), (.034, air.tint("f2dca6"))):
        ctx.set_source_rgb(*rgb(colour))
        ctx.move_to(0, 1)
        ctx.line_to(0, y + dy)
        ctx.curve_to(.3, y + dy + .05, .6, y + dy - .035, 1, y + dy + .02)
        ctx.line_to(1, 1)
        ctx.close_path()
        ctx.fill()
    for _ in range(50):
        disc(ctx, rng.random(), rng.uniform(.68, 1), .0026, air.tint("d2b478"))
    for _ in range(3):
        x, yy = rng.random(), rng.uniform(.75, .98)
        disc(ctx, x, yy, .01, air.tint(rng.choice(("f6c1b2", "fdf3e4", "eaa57c"))))


def sea(ctx, air, rng, hz):
    water(ctx, air, rng, hz, 1, 60)


def lake(ctx, air, rng, hz):
    ridge(ctx, rng, hz, .26, air.tint("7d93b8", .45), 2, hz + .03, True)
    ridge(ctx, rng, hz + .02, .11, air.tint("5f9a76", .25), 4, hz + .03)
    for i in range(18):
        stamp(ctx, P.fir, i / 17 + rng.uniform(-.02, .02), hz + .02, rng.uniform(.06, .11), air.tint("2f7355", .15), ("ffffff", 0))
    water(ctx, air, rng, hz + .015, 1, 34)
    ctx.set_source_rgb(*air.tint("7fb860"))
    for s, w in ((0, rng.uniform(.16, .3)), (1, rng.uniform(.16, .3))):
        e = abs(s - w)
        ctx.move_to(s, 1)
        ctx.line_to(s, .9)
        ctx.curve_to(s + (e - s) * .5, .9, e, .96, e, 1)
        ctx.close_path()
        ctx.fill()
        for k in range(5):
            x = s + (e - s) * k / 6
            ctx.set_line_width(.006)
            ctx.move_to(x, .96)
            ctx.line_to(x + .005, .85 + .02 * (k % 3))
            ctx.stroke()


def desert(ctx, air, rng, hz):
    ridge(ctx, rng, hz, .1, air.tint("d99a63", .35), 2)
    ridge(ctx, rng, hz + .08, .13, air.tint("eebb72", .08), 2)
    ridge(ctx, rng, hz + .2, .1, air.tint("f2c67c"), 2)
    ridge(ctx, rng, hz + .36, .06, air.tint("e8b266"), 2)


def mountains(ctx, air, rng, hz):
    for y, far, base, h in ((hz - .02, .55, "8b97c4", .4), (hz + .04, .2, "66739f", .33)):
        for i in range(4):
            x, top, w = (i + .5) / 4 + rng.uniform(-.1, .1), y - h * rng.uniform(.62, 1), rng.uniform(.2, .3)
            for pts, c in ((((x, top), (x + w, y), (x - w, y)), base), (((x, top), (x + w, y), (x + w * .12, y)), None)):
                ctx.set_source_rgb(*air.tint(base if c else darker(rgb(base), .22), far))
                for p in pts:
                    ctx.line_to(*p)
                ctx.close_path()
                ctx.fill()
            s = .3
            ctx.set_source_rgb(*air.tint("f7f9fc", far * .5))
            ctx.move_to(x, top)
            ctx.line_to(x + w * s, top + (y - top) * s)
            ctx.line_to(x + w * s * .45, top + (y - top) * s * .8)
            ctx.line_to(x, top + (y - top) * s * 1.25)
            ctx.line_to(x - w * s * .5, top + (y - top) * s * .8)
            ctx.line_to(x - w * s, top + (y - top) * s)
            ctx.close_path()
            ctx.fill()
    ridge(ctx, rng, hz + .07, .07, air.tint("5a8f6a", .12), 3)
    ridge(ctx, rng, hz + .14, .06, air.tint("79b068"), 2)
    for _ in range(7):
        x, y, r = rng.random(), rng.uniform(hz + .17, .99), rng.uniform(.008, .02)
        ctx.save()
        ctx.translate(x, y)
        ctx.scale(1, .6)
        disc(ctx, 0, 0, r, air.tint("9aa0a8"))
        ctx.restore()


def forest(ctx, air, rng, hz):
    for far, colour, n, h, y in ((.5, "6fa08a", 16, .42, hz), (.26, "4d8a6c", 13, .5, hz + .03), (.05, "37735a", 11, .56, hz + .07)):
        c = air.tint(colour, far)
        for i in range(n):
            x, hh = (i + .5) / n + rng.uniform(-.025, .025), h * rng.uniform(.75, 1.08)
            ctx.set_source_rgb(*mix(c, (0, .1, .1), .08 * (i % 2)))
            for k, w in ((0, .2), (.26, .16), (.5, .12)):
                ctx.move_to(x, y - hh)
                ctx.line_to(x + w * hh, y - hh * k)
                ctx.line_to(x - w * hh, y - hh * k)
                ctx.close_path()
                ctx.fill()
                hh *= .98
        ctx.set_source_rgb(*c)
        ctx.rectangle(0, y - .03, 1, .1)
        ctx.fill()
    gradient(ctx, 0, hz + .07, 1, .94 - hz, (air.tint("4f8a52"), air.tint("6aa357"), air.tint("3f7a48")))
    tufts(ctx, rng, air.tint("2f6a45"), hz + .1, 40)


def city(ctx, air, rng, hz):
    night = air.time == "night"
    for far, base, n, lo, hi in ((.55, "8a93b5", 11, .22, .48), (.2, "6a7299", 8, .12, .36)):
        x = -.03
        for i in range(n * 2):
            w, h = rng.uniform(.06, .13), rng.uniform(lo, hi)
            c = air.tint(mix(base, rng.choice(("b58a8f", "8fa7b5", "9a8fb5")), .35), far)
            ctx.set_source_rgb(*c)
            ctx.rectangle(x, hz - h, w + .002, h + .02)
            ctx.fill()
            for yy in range(int(h / .035)):
                for xx in range(int(w / .022)):
                    if rng.random() < .6:
                        ctx.set_source_rgba(*((1, .85, .45) if night else lighter(c, .35)), .95 if night and rng.random() < .6 else .4)
                        ctx.rectangle(x + .008 + xx * .022, hz - h + .015 + yy * .035, .011, .018)
                        ctx.fill()
            x += w
            if x > 1:
                break
    gradient(ctx, 0, hz, 1, 1 - hz, (air.tint("c9c5c2"), air.tint("b5b1b2")))
    gradient(ctx, 0, hz + .075, 1, .94 - hz, (air.tint("5f6270"), air.tint("52545f")))
    ctx.set_source_rgb(*air.tint("f3ecd2"))
    for i in range(6):
        ctx.rectangle(i * .19 + .02, .955, .11, .013)
    ctx.fill()


def snowfield(ctx, air, rng, hz):
    ridge(ctx, rng, hz, .2, air.tint("b9cce2", .35), 2)
    ridge(ctx, rng, hz + .06, .1, air.tint("dbe7f3", .1), 3)
    for _ in range(7):
        x, h = rng.random(), rng.uniform(.08, .14)
        stamp(ctx, P.fir, x, hz + .045, h, air.tint("7fa3b0", .2), ("ffffff", 0))
    ridge(ctx, rng, hz + .13, .06, air.tint("f1f6fb"), 2)
    ridge(ctx, rng, hz + .3, .05, air.tint("e6eef7"), 2)


def road(ctx, air, rng, hz):
    ridge(ctx, rng, hz, .12, air.tint("94b892", .45), 2)
    ridge(ctx, rng, hz + .06, .06, air.tint("a3bf6a", .1), 3)
    top = hz + .15
    gradient(ctx, 0, top, 1, .95 - top, (air.tint("6b6e7a"), air.tint("575a66")))
    ctx.set_source_rgb(*air.tint("f6efd8"))
    ctx.rectangle(0, top + .012, 1, .008)
    ctx.rectangle(0, .93, 1, .008)
    for i in range(6):
        ctx.rectangle(i * .2 + .03, (top + .95) / 2, .1, .011)
    ctx.fill()
    gradient(ctx, 0, .95, 1, .05, (air.tint("8fae58"), air.tint("7d9c4c")))
    for i in range(4):
        x = i / 3 + rng.uniform(-.05, .05)
        ctx.set_source_rgb(*air.tint("f2efe8"))
        ctx.rectangle(x, top - .055, .014, .06)
        ctx.fill()


# -- places without weather ---------------------------------------------------
def sky_place(ctx, air, rng, hz):
    """High above the clouds."""
    for row in range(4):
        y = .76 + row * .08
        c = mix(lighter(air.sky[3], .6 if air.time != "night" else .12), air.sky[1], .30 - .08 * row)
        for i in range(6):
            cloud(ctx, i / 5 + rng.uniform(-.08, .08), y, rng.uniform(.3, .44), c, 1)
        ctx.set_source_rgb(*c)
        ctx.rectangle(0, y, 1, 1)
        ctx.fill()


def space(ctx, air, rng, hz):
    gradient(ctx, 0, 0, 1, 1, ("140c30", "1d1450", "0b0b28"))
    for _ in range(4):
        glow(ctx, rng.random(), rng.random(), rng.uniform(.25, .45), rng.choice(("6a3fa8", "2f5fb0", "a03f7a", "2f8a9a")), .34)
    for _ in range(120):
        disc(ctx, rng.random(), rng.random(), rng.choice((.0016, .0022, .003, .004)), rng.choice(("ffffff", "fff0c4", "cfe0ff")), rng.uniform(.5, 1))


def underwater(ctx, air, rng, hz):
    gradient(ctx, 0, 0, 1, 1, ("6fd0dc", "2b93b8", "15598f", "0f3a6b"))
    for _ in range(5):
        x = rng.uniform(-.1, 1)
        ctx.set_source_rgba(1, 1, 1, .07)
        for px, py in ((x, 0), (x + .1, 0), (x + .3, 1), (x + .06, 1)):
            ctx.line_to(px, py)
        ctx.close_path()
        ctx.fill()
    ridge(ctx, rng, .93, .08, rgb("c9b98a"), 2)
    for _ in range(7):
        x, h, c = rng.random(), rng.uniform(.1, .24), rng.choice(("2f8f6a", "1f7a6a", "d8657a", "e58a5a"))
        ctx.set_source_rgb(*rgb(c))
        ctx.set_line_width(.014)
        ctx.move_to(x, 1)
        ctx.curve_to(x + .04, 1 - h * .3, x - .05, 1 - h * .6, x + .02, 1 - h)
        ctx.stroke()
    for _ in range(16):
        x, y, r = rng.random(), rng.random() * .9, rng.uniform(.004, .013)
        ctx.set_source_rgba(1, 1, 1, .5)
        ctx.set_line_width(.0025)
        ctx.new_path()
        ctx.arc(x, y, r, 0, 7)
        ctx.stroke()


def kitchen(ctx, air, rng, hz):
    """A table by a window."""
    wall = rng.choice(("f3dfc6", "dfe8dc", "f1d9d3", "d9e4ec", "efe6c9"))
    gradient(ctx, 0, 0, 1, .75, (lighter(rgb(wall), .2), wall))
    ctx.set_source_rgba(*darker(rgb(wall), .08), .55)
    for i in range(13):
        ctx.rectangle(i / 12.5, 0, .03, .62)
    ctx.fill()
    x = rng.choice((.1, .36, .6))
    gradient(ctx, x, .06, .3, .3, ("8fcdf0", "d7eef6"))
    ctx.save()
    ctx.rectangle(x, .06, .3, .3)
    ctx.clip()
    ridge(ctx, rng, .34, .07, rgb("9fce86"), 3, .36)
    cloud(ctx, x + .18, .15, .12, "ffffff", .9)
    ctx.restore()
    ctx.set_source_rgb(*rgb("fbf8f0"))
    ctx.set_line_width(.017)
    ctx.rectangle(x, .06, .3, .3)
    ctx.move_to(x + .15, .06)
    ctx.line_to(x + .15, .36)
    ctx.move_to(x, .21)
    ctx.line_to(x + .3, .21)
    ctx.stroke()
    gradient(ctx, 0, .64, 1, .36, ("c99560", "b37d48", "98673a"))
    ctx.set_source_rgba(.4, .24, .12, .35)
    ctx.set_line_width(.003)
    for i in range(7):
        y = .68 + i * .05
        ctx.move_to(0, y)
        ctx.curve_to(.3, y + rng.uniform(-.02, .02), .6, y + rng.uniform(-.02, .02), 1, y)
        ctx.stroke()
    gradient(ctx, 0, .64, 1, .012, ("dcae78", "c99560"))


OUTDOOR = {"meadow": meadow, "garden": garden, "farm": farm, "beach": beach, "sea": sea, "lake": lake, "desert": desert,
           "mountains": mountains, "forest": forest, "city": city, "snowfield": snowfield, "road": road, "sky": sky_place}
HORIZON["sky"] = 1.0
INDOOR = {"space": space, "underwater": underwater, "kitchen": kitchen}
PAPER = {"cream": "f7ecd2", "pale blue": "c4e0f2", "pale green": "cfe8cb", "pale pink": "f8d3d8", "dark blue": "1f2f5c",
         "dark green": "1f4a3c", "dark red": "6b1f2c", "grey": "c3c7cd", "lilac": "d9cdf0", "white": "fdfdfb"}


def studio(ctx, rng, paper):
    """Plain paper with a soft light, for shapes."""
    c = rgb(PAPER[paper])
    gradient(ctx, 0, 0, 1, 1, (lighter(c, .12), c, darker(c, .07)))
    glow(ctx, .5, .4, .75, lighter(c, .5), .5)
