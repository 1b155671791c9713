"""Open country: each place is a function (ctx, air, rng, horizon) in the unit square."""
import plants as P
from palette import darker, lighter, mix, rgb
from scenery import ridge, stamp, tufts, water
from sky import disc, gradient


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
    if rng.random() < .5:                              # islands on the horizon
        ridge(ctx, rng, hz + .02, .07, air.tint("6f8fa8", .5), rng.choice((3, 4, 5)), hz + .01)
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
    for _ in range(rng.choice((0, 2, 3))):             # flat-topped rocks far away
        x, w, h = rng.random(), rng.uniform(.05, .12), rng.uniform(.06, .13)
        ctx.set_source_rgb(*air.tint("c9825a", .42))
        for p in ((x - w, hz), (x - w * .7, hz - h), (x + w * .7, hz - h), (x + w, hz)):
            ctx.line_to(*p)
        ctx.close_path()
        ctx.fill()
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
