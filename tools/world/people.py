"""People. Their clothes have the colour; skin and hair go with it by chance."""
SKIN = ("f2c9a4", "d9a273", "a8704a", "7a4c33")
HAIR = ("3a2a26", "6b4426", "2b2b36", "b5803f")


def looks(p):
    return SKIN[p.chance % 4], HAIR[p.chance // 4 % 4 if p.chance % 4 < 2 else p.chance // 4 % 2 * 2]


def head(p, x, y, r, skin):
    p.box(x - r * .3, y + r * .6, r * .6, r * .7, 0, skin)
    p.oval(x, y, r, r * 1.08, skin)
    for s in (-.25, .45):
        p.oval(x + s * r, y - r * .05, r * .1, colour="2a2730")
    p.line([(x - .1 * r, y + r * .42), (x + r * .15, y + r * .52), (x + r * .4, y + r * .42)], r * .1, "a8504a", True)


def woman(p):
    skin, hair = looks(p)
    p.blob([(-.12, -.92), (0, -1), (.12, -.92), (.15, -.76), (.12, -.66), (-.13, -.66), (-.16, -.78)], hair)
    for x in (-.06, .06):
        p.line([(x, -.3), (x, -.05)], .06, skin)
        p.oval(x + .025, -.02, .055, .022, "4a3a40")
    p.line([(-.1, -.62), (-.17, -.46), (-.14, -.34)], .05, skin, True)
    p.line([(.1, -.62), (.19, -.48), (.15, -.36)], .05, skin, True)
    p.path("M -.1 -.66 C -.04 -.69 .04 -.69 .1 -.66 L .08 -.5 C .12 -.4 .18 -.3 .21 -.22 C .1 -.17 -.1 -.17 -.21 -.22 C -.18 -.3 -.12 -.4 -.08 -.5 Z")
    p.line([(-.08, -.5), (.08, -.5)], .025, "dark")
    head(p, .01, -.82, .1, skin)
    p.path("M -.11 -.8 C -.13 -1 .13 -1 .12 -.82 C .08 -.86 .02 -.9 -.02 -.9 C -.06 -.88 -.09 -.84 -.11 -.8 Z", hair)


def man(p):
    skin, hair = looks(p)
    for x in (-.065, .065):
        p.line([(x, -.42), (x, -.05)], .1, "3d4560")
        p.oval(x + .03, -.025, .07, .026, "2b2b36")
    p.line([(-.13, -.62), (-.2, -.5), (-.2, -.38)], .075, "dark", True)
    p.line([(.13, -.62), (.2, -.5), (.2, -.38)], .075, "dark", True)
    p.oval(-.2, -.35, .035, colour=skin)
    p.oval(.2, -.35, .035, colour=skin)
    p.path("M -.16 -.6 C -.15 -.68 -.06 -.69 0 -.69 C .06 -.69 .15 -.68 .16 -.6 L .13 -.36 L -.13 -.36 Z")
    head(p, .01, -.83, .105, skin)
    p.path("M -.11 -.82 C -.14 -1.02 .15 -1.02 .125 -.84 C .08 -.9 -.02 -.92 -.06 -.89 C -.08 -.87 -.09 -.85 -.11 -.82 Z", hair)


def child(p):
    skin, hair = looks(p)
    for x in (-.09, .09):
        p.line([(x, -.3), (x, -.06)], .1, skin)
        p.oval(x + .03, -.03, .08, .034, "d8433a" if p.colour != "red" else "3a72c8")
    p.line([(-.15, -.48), (-.3, -.6)], .08, skin)
    p.line([(.15, -.48), (.3, -.6)], .08, skin)
    p.path("M -.17 -.46 C -.14 -.56 .14 -.56 .17 -.46 L .18 -.26 L -.18 -.26 Z")
    p.box(-.18, -.28, .36, .1, .02, "4a5578")
    head(p, .01, -.74, .18, skin)
    p.path("M -.19 -.72 C -.24 -1.06 .25 -1.06 .21 -.76 C .12 -.86 0 -.88 -.06 -.87 C -.12 -.84 -.16 -.8 -.19 -.72 Z", hair)
