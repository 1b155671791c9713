"""Household things, toys, things of space, and plain shapes."""
import math


def umbrella(p):
    p.line([(0, -.9), (0, -.0)], .035, "e9dcc2")
    p.path("M -.52 -.5 C -.5 -1.1 .5 -1.1 .52 -.5 C .44 -.58 .36 -.58 .28 -.5 C .2 -.58 .1 -.58 0 -.5 C -.1 -.58 -.2 -.58 -.28 -.5 C -.36 -.58 -.44 -.58 -.52 -.5 Z")
    if p.pattern is None:
        p.path("M 0 -.95 C .2 -.86 .28 -.7 .28 -.5 C .2 -.58 .1 -.58 0 -.5 C -.1 -.58 -.2 -.58 -.28 -.5 C -.28 -.7 -.2 -.86 0 -.95 Z", "second")
    p.oval(0, -.96, .025, colour="e9dcc2")


def balloon(p):
    p.line([(0, -.4), (.05, -.26), (-.04, -.14), (.02, 0)], .016, "d9d3c8", True)
    p.poly([(-.05, -.37), (.05, -.37), (0, -.44)], "dark")
    p.path("M 0 -1 C .2 -1 .3 -.86 .28 -.72 C .26 -.56 .12 -.44 0 -.41 C -.12 -.44 -.26 -.56 -.28 -.72 C -.3 -.86 -.2 -1 0 -1 Z")
    p.oval(-.1, -.82, .05, .09, "pale", .5)


def kite(p):
    p.line([(0, -.4), (-.12, -.26), (.06, -.14), (-.06, 0)], .018, "f3efe6", True)
    for x, y in ((-.1, -.27), (.04, -.15)):
        p.poly([(x - .06, y - .03), (x + .06, y + .03), (x + .06, y - .03), (x - .06, y + .03)], "dark")
    p.poly([(0, -1), (.27, -.74), (0, -.36), (-.27, -.74)])
    if p.pattern is None:
        p.poly([(0, -1), (.27, -.74), (0, -.74)], "pale")
        p.poly([(0, -.74), (0, -.36), (-.27, -.74)], "dark")


def ball(p):
    p.oval(0, -.5, .5)
    if p.pattern is None and p.colour not in ("golden", "silver", "wooden"):
        p.path("M -.46 -.68 C -.2 -.5 .2 -.5 .46 -.68 C .5 -.55 .5 -.45 .48 -.36 C .2 -.2 -.2 -.2 -.48 -.36 C -.5 -.45 -.5 -.55 -.46 -.68 Z", "second")
    p.oval(-.18, -.76, .11, .07, "pale", -.5)


def snowman(p):
    p.line([(-.2, -.5), (-.36, -.64)], .03, "6f4a33")
    p.line([(.2, -.5), (.36, -.62)], .03, "6f4a33")
    p.oval(0, -.22, .26, .23, "fbfaf6")
    p.oval(0, -.54, .2, .18, "fbfaf6")
    p.oval(0, -.78, .14, .13, "fbfaf6")
    p.box(-.16, -.68, .32, .075, .035)
    p.box(.06, -.66, .08, .2, .03)
    p.box(-.17, -.89, .34, .035, .015)
    p.box(-.11, -1.0, .22, .13, .02)
    p.poly([(.0, -.79), (.17, -.76), (0, -.75)], "f08a34")
    for x, y in ((-.05, -.81), (.06, -.81), (0, -.54), (0, -.45), (0, -.3)):
        p.oval(x, y, .018, colour="2b2b36")


def cup(p):
    p.ring(.42, -.4, .2, .1, "dark")
    p.path("M -.48 -.72 L .46 -.72 C .44 -.3 .36 0 .16 0 L -.18 0 C -.38 0 -.46 -.3 -.48 -.72 Z")
    p.oval(-.01, -.72, .47, .08, "pale")
    p.oval(-.01, -.71, .39, .055, "5a3a28")
    for x in (-.14, .14):
        p.line([(x, -.82), (x + .05, -.89), (x - .03, -.95), (x + .02, -1)], .025, "eeeae4", True)


def teapot(p):
    p.ring(-.42, -.42, .2, .08, "dark")
    p.path("M .34 -.3 C .56 -.36 .52 -.66 .76 -.74 L .68 -.8 C .5 -.76 .46 -.6 .3 -.6 Z", "dark")
    p.blob([(-.42, -.4), (-.3, -.74), (0, -.8), (.3, -.74), (.44, -.4), (.3, -.03), (-.3, -.03)])
    p.path("M -.26 -.76 C -.2 -.9 .2 -.9 .26 -.76 Z", "dark")
    p.oval(0, -.93, .065, colour="dark")


def vase(p):
    for x, y, c in ((-.16, -.84, "f08fb4"), (.16, -.86, "f6c83f"), (0, -.92, "f4f0e6")):
        p.line([(0, -.5), (x, y)], .025, "4c8a4a")
        for i in range(5):
            a = i * 1.2566
            p.oval(x + .05 * math.cos(a), y + .05 * math.sin(a), .038, colour=c)
        p.oval(x, y, .025, colour="e0a030")
    p.path("M -.1 -.6 C -.12 -.5 -.26 -.42 -.26 -.24 C -.26 -.08 -.16 0 -.12 0 L .12 0 C .16 0 .26 -.08 .26 -.24 C .26 -.42 .12 -.5 .1 -.6 Z")
    p.box(-.13, -.62, .26, .05, .02, "dark")


def cake(p):
    p.oval(0, -.06, .62, .06, "e6e9ee")
    p.box(-.48, -.42, .96, .36, .05)
    p.path("M -.48 -.36 L -.48 -.42 C -.4 -.52 .4 -.52 .48 -.42 L .48 -.3 C .4 -.2 .36 -.36 .26 -.3 C .18 -.18 .1 -.34 0 -.3 C -.1 -.2 -.16 -.36 -.26 -.3 C -.36 -.2 -.42 -.3 -.48 -.26 Z", "fdf6ea")
    for i, c in enumerate(("f6c83f", "d8433a", "3a72c8")):
        x = -.26 + i * .26
        p.box(x - .03, -.78, .06, .34, .01, c)
        p.oval(x, -.88, .04, .08, (1, .82, .35))


def gift(p):
    p.box(-.42, -.62, .84, .62, .02)
    p.box(-.47, -.74, .94, .16, .02, "dark")
    c = "f6c83f" if p.colour not in ("yellow", "golden", "orange") else "d8433a"
    p.box(-.07, -.74, .14, .74, 0, c)
    p.oval(-.15, -.85, .15, .085, c, .4)
    p.oval(.15, -.85, .15, .085, c, -.4)
    p.oval(0, -.79, .06, colour=c)


def candle(p):
    p.box(-.13, -.64, .26, .6, .03)
    p.oval(0, -.64, .13, .035, "pale")
    p.oval(0, -.03, .24, .045, "c9a24a")
    p.line([(0, -.66), (0, -.73)], .02, "3a3036")
    p.oval(0, -.82, .075, .13, (1, .8, .35))
    p.oval(0, -.79, .035, .075, (1, .97, .8))


def clock(p):
    p.box(-.32, -.08, .12, .08, .02, "dark")
    p.box(.2, -.08, .12, .08, .02, "dark")
    p.oval(-.28, -.9, .14, .1, "dark", -.6)
    p.oval(.28, -.9, .14, .1, "dark", .6)
    p.oval(0, -.48, .45)
    p.oval(0, -.48, .34, colour="fbf7ec")
    for i in range(12):
        a = i * math.pi / 6
        p.oval(.28 * math.cos(a), -.48 + .28 * math.sin(a), .02, colour="4a4650")
    p.line([(0, -.48), (0, -.7)], .04, "2b2b36")
    p.line([(0, -.48), (.15, -.4)], .04, "2b2b36")


def guitar(p):
    p.ctx.save()
    p.ctx.translate(0, -.5)
    p.ctx.rotate(.35)
    p.ctx.translate(0, .5)
    p.box(-.04, -.92, .08, .5, 0, "6a4530")
    p.box(-.065, -1.0, .13, .13, .02, "4c3222")
    p.blob([(0, -.52), (-.17, -.5), (-.17, -.36), (-.14, -.3), (-.26, -.14), (-.16, 0), (0, .02), (.16, 0), (.26, -.14), (.14, -.3), (.17, -.36), (.17, -.5)])
    p.oval(0, -.28, .075, colour="3a2620")
    p.box(-.1, -.12, .2, .04, .01, "3a2620")
    for x in (-.02, 0, .02):
        p.line([(x, -.95), (x, -.1)], .006, "f3ead8")
    p.ctx.restore()


def chair(p):
    for x, c in ((-.3, "dark"), (.32, "dark"), (-.38, "main"), (.24, "main")):
        p.line([(x, -.45), (x, -.04)], .07, c)
    p.box(-.42, -.98, .12, .54, .03)
    p.box(-.36, -.96, .5, .34, .06)
    p.box(-.28, -.64, .05, .2, 0, "dark")
    p.box(.02, -.64, .05, .2, 0, "dark")
    p.box(-.43, -.5, .82, .11, .04)


def planet(p):
    def ring(front):
        p.ctx.save()
        p.ctx.translate(0, -.5)
        p.ctx.rotate(-.3)
        p.ctx.scale(1, .26)
        p.ctx.new_path()
        p.ctx.arc(0, 0, .68, 0 if front else math.pi, math.pi if front else 2 * math.pi)
        p.ctx.restore()
        p.stroke(.09, "f0dcb0")
    ring(False)
    p.oval(0, -.5, .43)
    if p.pattern is None:
        p.ctx.save()
        p.ctx.new_path()
        p.ctx.arc(0, -.5, .43, 0, 7)
        p.ctx.clip()
        for y, h, c in ((-.72, .09, "pale"), (-.42, .12, "dark"), (-.2, .06, "pale")):
            p.oval(0, y, .5, h, c, -.12)
        p.ctx.restore()
    ring(True)


def astronaut(p):
    p.box(-.25, -.62, .5, .36, .08, "b9bec8")
    p.line([(-.14, -.3), (-.18, -.06)], .17)
    p.line([(.14, -.3), (.2, -.07)], .17)
    p.line([(-.2, -.52), (-.36, -.36)], .13)
    p.line([(.2, -.52), (.38, -.66)], .13)
    p.box(-.22, -.62, .44, .4, .12)
    p.box(-.12, -.48, .24, .14, .03, "pale")
    p.oval(-.05, -.41, .025, colour="d8433a")
    p.oval(.05, -.41, .025, colour="3a72c8")
    p.oval(0, -.78, .22)
    p.oval(.03, -.78, .16, .14, "2c3a5e")
    p.oval(.0, -.82, .06, .035, "9fc6e8", -.4)


# -- plain shapes ----------------------------------------------------------
def ngon(n, r, cx=0.0, cy=-.5, turn=-math.pi / 2):
    return [(cx + r * math.cos(turn + i * 2 * math.pi / n), cy + r * math.sin(turn + i * 2 * math.pi / n)) for i in range(n)]


def circle(p):
    p.oval(0, -.5, .5)


def square(p):
    p.box(-.46, -.96, .92, .92, .02)


def triangle(p):
    p.poly([(0, -1), (.56, -.02), (-.56, -.02)])


def hexagon(p):
    p.poly(ngon(6, .5))


def star(p):
    out, inn = ngon(5, .55, cy=-.46), ngon(5, .24, cy=-.46, turn=-math.pi / 2 + math.pi / 5)
    p.poly([v for pair in zip(out, inn) for v in pair])


def heart(p):
    p.path("M 0 -.02 C -.3 -.26 -.54 -.46 -.54 -.7 C -.54 -1.02 -.12 -1.06 0 -.76 C .12 -1.06 .54 -1.02 .54 -.7 C .54 -.46 .3 -.26 0 -.02 Z")


def ringshape(p):
    p.ctx.new_path()
    p.ctx.arc(0, -.5, .5, 0, 2 * math.pi)
    p.ctx.new_sub_path()
    p.ctx.arc_negative(0, -.5, .27, 2 * math.pi, 0)
    p.fill("main")


def diamond(p):
    p.poly([(0, -1), (.38, -.5), (0, 0), (-.38, -.5)])


def cross(p):
    a, b = .17, .48
    p.poly([(-a, -.5 - b), (a, -.5 - b), (a, -.5 - a), (b, -.5 - a), (b, -.5 + a), (a, -.5 + a),
            (a, -.5 + b), (-a, -.5 + b), (-a, -.5 + a), (-b, -.5 + a), (-b, -.5 - a), (-a, -.5 - a)])


def crescent(p):
    p.path("M .22 -.98 C -.7 -1.1 -.7 .1 .22 -.02 C -.2 -.2 -.2 -.8 .22 -.98 Z")
