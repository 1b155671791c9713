"""A pen that draws one thing in its own box: the ground is y = 0, the top is
y = -1, x runs from -width/2 to width/2. Colours pass through the scene's light."""
import math

import cairo

from palette import MATERIALS, darker, lighter, luminance, mix, rgb


class Pen:
    def __init__(self, ctx, colour="grey", pattern=None, light=("ffffff", 0.0), lit=False, chance=0):
        self.ctx, self.light, self.lit, self.chance = ctx, light, lit, chance
        self.colour, self.pattern = colour, pattern
        self.main = rgb(colour)
        dark_thing = luminance(self.main) < 0.25
        self.dark = lighter(self.main, 0.14) if dark_thing else darker(self.main, 0.28)
        self.pale = lighter(self.main, 0.16 if dark_thing else 0.38)
        self.ink = (0.93, 0.92, 0.9) if dark_thing else (0.13, 0.12, 0.19)
        self.second = (0.98, 0.96, 0.92) if luminance(self.main) < 0.85 else mix(self.main, "8a8494", 0.8)

    # -- painting ---------------------------------------------------------
    def shade(self, colour):
        """The colour named main/dark/pale/ink or given, in the scene's light."""
        if isinstance(colour, str) and colour in ("main", "dark", "pale", "ink", "second"):
            colour = getattr(self, colour)
        return mix(colour, *self.light)

    def window(self):
        """Glass: lit from inside when it is night."""
        return (1.0, 0.86, 0.45) if self.lit else mix("cfe8f4", *self.light)

    def fill(self, colour):
        ctx = self.ctx
        if colour == "window":
            ctx.set_source_rgb(*self.window())
            ctx.fill()
        elif colour == "main":
            self.fill_main()
        else:
            ctx.set_source_rgb(*self.shade(colour))
            ctx.fill()

    def fill_main(self):
        ctx = self.ctx
        x0, y0, x1, y1 = ctx.path_extents()
        base = self.shade("main")
        g = cairo.LinearGradient(x0, y0, x0 + (x1 - x0) * 0.5, y1)
        if self.colour in ("golden", "silver"):
            for at, c in ((0, lighter(base, .75)), (.3, base), (.5, lighter(base, .6)),
                          (.62, darker(base, .12)), (1, darker(base, .5))):
                g.add_color_stop_rgb(at, *c)
        else:
            g.add_color_stop_rgb(0, *lighter(base, 0.16))
            g.add_color_stop_rgb(1, *darker(base, 0.10))
        ctx.set_source(g)
        if self.pattern is None and self.colour not in MATERIALS:
            ctx.fill()
            return
        ctx.save()
        ctx.fill_preserve()
        ctx.clip()
        if self.colour == "wooden":
            self.grain(x0, y0, x1, y1)
        self.overlay(x0, y0, x1, y1)
        ctx.restore()
        ctx.new_path()

    def grain(self, x0, y0, x1, y1):
        ctx, n = self.ctx, 7
        ctx.set_source_rgba(*darker(self.shade("main"), 0.45), 0.75)
        for i in range(n):
            y = y0 + (y1 - y0) * (i + 0.5) / n
            d = (y1 - y0) / n * (0.35 if i % 2 else -0.3)
            ctx.set_line_width((y1 - y0) * (0.03 if i % 3 else 0.018))
            ctx.move_to(x0, y)
            ctx.curve_to(x0 + (x1 - x0) * .3, y + d, x0 + (x1 - x0) * .6, y - d, x1, y + d * .5)
            ctx.stroke()

    def overlay(self, x0, y0, x1, y1):
        if self.pattern is None:
            return
        ctx = self.ctx
        step = max(0.13, min(0.2, (x1 - x0) / 4, (y1 - y0) / 3))
        ctx.set_source_rgb(*self.shade("second"))
        ctx.new_path()
        nx, ny = math.ceil((x1 - x0) / step) + 1, math.ceil((y1 - y0) / step) + 1
        if self.pattern == "striped":
            for i in range(nx + ny):
                a = x0 - (y1 - y0) + i * step * 1.5
                ctx.move_to(a, y1)
                ctx.line_to(a + (y1 - y0), y0)
            ctx.set_line_width(step * 0.5)
            ctx.stroke()
            return
        for i in range(nx):
            for j in range(ny):
                if self.pattern == "spotted":
                    x = x0 + (i + (0.5 if j % 2 else 0)) * step
                    ctx.new_sub_path()
                    ctx.arc(x, y0 + (j + .45) * step, step * 0.3, 0, 7)
                    ctx.close_path()
                elif (i + j) % 2 == 0:
                    ctx.rectangle(x0 + i * step, y0 + j * step, step, step)
        ctx.fill()

    # -- shapes -----------------------------------------------------------
    def oval(self, cx, cy, rx, ry=None, colour="main", turn=0.0):
        ctx = self.ctx
        ctx.save()
        ctx.translate(cx, cy)
        ctx.rotate(turn)
        ctx.scale(rx, rx if ry is None else ry)
        ctx.new_path()
        ctx.arc(0, 0, 1, 0, 2 * math.pi)
        ctx.restore()
        self.fill(colour)

    def ring(self, cx, cy, r, width, colour="ink"):
        self.ctx.new_path()
        self.ctx.arc(cx, cy, r, 0, 2 * math.pi)
        self.stroke(width, colour)

    def box(self, x, y, w, h, r=0.0, colour="main"):
        ctx = self.ctx
        ctx.new_path()
        if r <= 0:
            ctx.rectangle(x, y, w, h)
        else:
            r = min(r, w / 2, h / 2)
            for i, (cx, cy) in enumerate(((x + w - r, y + r), (x + w - r, y + h - r),
                                          (x + r, y + h - r), (x + r, y + r))):
                ctx.arc(cx, cy, r, (i - 1) * math.pi / 2, i * math.pi / 2)
            ctx.close_path()
        self.fill(colour)

    def poly(self, points, colour="main"):
        self.ctx.new_path()
        for x, y in points:
            self.ctx.line_to(x, y)
        self.ctx.close_path()
        self.fill(colour)

    def spline(self, pts, closed):
        """Catmull-Rom through the points."""
        ctx, n = self.ctx, len(pts)
        ctx.new_path()
        ctx.move_to(*pts[0])
        for i in range(n if closed else n - 1):
            if closed:
                a, b, c, d = pts[i - 1], pts[i], pts[(i + 1) % n], pts[(i + 2) % n]
            else:
                a, b, c, d = pts[max(i - 1, 0)], pts[i], pts[i + 1], pts[min(i + 2, n - 1)]
            ctx.curve_to(b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6,
                         c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6, *c)
        if closed:
            ctx.close_path()

    def blob(self, points, colour="main"):
        """A soft closed outline through the points: bodies, sails, leaves."""
        self.spline(points, True)
        self.fill(colour)

    def path(self, d, colour="main"):
        """A path in SVG's manner: M, L, C and Z; everything separated by blanks."""
        ctx, t, i = self.ctx, d.split(), 0
        ctx.new_path()
        while i < len(t):
            op, k = t[i], {"M": 2, "L": 2, "C": 6, "Z": 0}[t[i]]
            a = [float(v) for v in t[i + 1:i + 1 + k]]
            {"M": ctx.move_to, "L": ctx.line_to, "C": ctx.curve_to, "Z": ctx.close_path}[op](*a)
            i += 1 + k
        self.fill(colour)

    def stroke(self, width, colour):
        self.ctx.set_line_width(width)
        self.ctx.set_source_rgb(*(self.window() if colour == "window" else self.shade(colour)))
        self.ctx.stroke()

    def line(self, points, width, colour="main", soft=False):
        self.ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        self.ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        if soft:
            self.spline(points, False)
        else:
            self.ctx.new_path()
            for x, y in points:
                self.ctx.line_to(x, y)
        self.stroke(width, colour)

    def eye(self, x, y, r=0.025):
        self.oval(x, y, r, colour=self.ink)
