"""Places: the ground and scenery behind the things. Open country is in country.py; here
are the city, the road and the places without weather, and the table of all."""
import plants as P
from country import beach, desert, farm, forest, garden, lake, meadow, mountains, sea
from palette import darker, lighter, mix, rgb
from scenery import ridge, stamp
from sky import cloud, disc, glow, gradient

HORIZON = {"sea": .52, "lake": .50, "beach": .42, "desert": .56, "mountains": .60, "forest": .62,
           "city": .70, "snowfield": .58, "farm": .54, "meadow": .58, "road": .56, "garden": .6}


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


def shelf(ctx, rng, x, y, w):
    """A board with jars and plates, in quiet colours."""
    ctx.set_source_rgba(.3, .2, .15, .16)
    ctx.rectangle(x, y + .016, w, .014)
    ctx.fill()
    at = x + .02
    while at < x + w - .05:
        c = rgb(rng.choice(("c8b29a", "a9b8a6", "d6c4b4", "b9aebc", "c9b7a0", "9fb0b8")))
        n = rng.uniform(.03, .05)
        if rng.random() < .4:                          # a pile of plates
            for i in range(rng.randint(2, 4)):
                ctx.set_source_rgb(*lighter(c, .25 + .1 * (i % 2)))
                ctx.rectangle(at - .004, y - .011 * (i + 1), n + .014, .009)
                ctx.fill()
            at += n + .03
        else:
            h = rng.uniform(.05, .085)
            ctx.set_source_rgb(*c)
            ctx.rectangle(at, y - h, n, h)
            ctx.fill()
            ctx.set_source_rgb(*darker(c, .2))
            ctx.rectangle(at - .003, y - h - .012, n + .006, .014)
            ctx.fill()
            at += n + .016
    ctx.set_source_rgb(*rgb("a87d55"))
    ctx.rectangle(x, y, w, .016)
    ctx.fill()


def window(ctx, rng, x):
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
    ctx.rectangle(x - .03, .365, .36, .018)
    ctx.fill()
    curtain = rng.choice(("e9b9a8", "a9c4b4", "d9c2dd", "f0dba0", None))
    if curtain:
        ctx.set_source_rgb(*rgb(curtain))
        for s, e in ((x - .045, x + .075), (x + .345, x + .225)):
            ctx.move_to(s, .035)
            ctx.line_to(e, .035)
            ctx.curve_to(e, .2, s + (e - s) * .3, .24, s + (e - s) * .25, .37)
            ctx.line_to(s, .37)
            ctx.close_path()
            ctx.fill()
        ctx.set_source_rgb(*rgb("9a7450"))
        ctx.rectangle(x - .06, .027, .42, .012)
        ctx.fill()


def kitchen(ctx, air, rng, hz):
    """A table by a window."""
    wall = rng.choice(("f3dfc6", "dfe8dc", "f1d9d3", "d9e4ec", "efe6c9"))
    gradient(ctx, 0, 0, 1, .75, (lighter(rgb(wall), .2), wall))
    ctx.set_source_rgba(*darker(rgb(wall), .08), .55)
    if rng.random() < .5:
        for i in range(13):
            ctx.rectangle(i / 12.5, 0, .03, .62)
        ctx.fill()
    else:
        for i in range(12):
            for j in range(8):
                ctx.new_sub_path()
                ctx.arc((i + .5 * (j % 2) + .25) / 12, (j + .5) / 12, .006, 0, 7)
        ctx.fill()
    x = rng.choice((.1, .36, .6))
    window(ctx, rng, x)
    if x < .3:
        shelf(ctx, rng, .56, .3, .36)
    elif x > .5:
        shelf(ctx, rng, .08, .3, .38)
    gradient(ctx, 0, .64, 1, .36, rng.choice((("c99560", "b37d48", "98673a"), ("d9ab78", "c8935d", "a97546"), ("a8704a", "935d3a", "7a4a2e"))))
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
