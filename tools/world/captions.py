"""Captions, and the facts that each states.

A fact is a short string such as "car", "car:red", "car:n2", "at:beach". A picture has
facts(scene); a caption is true of every picture that has all of the caption's facts."""
from kinds import CATALOGUE
from scene import pick
from words import CLEAR_AT, COLOUR, COUNT, FAMILY, MOON, PATTERN, PLACE, RELATION, SIZE, TIME, WEATHER


def group_facts(g):
    out = [g.kind, f"{g.kind}:{g.colour}", f"{g.kind}:n{g.count}", "col:" + g.colour]
    out += [f"{g.kind}:{g.pattern}"] if g.pattern else []
    out += [f"{g.kind}:{g.size}"] if g.size else []
    return out + ["is:" + f for f in CATALOGUE[g.kind].families if f != "dressed"]


def relation_fact(scene):
    """left/right and above/below say the same thing twice: keep one way."""
    a, b = (g.kind for g in scene.groups)
    r = scene.relation
    return f"rel:{b} left {a}" if r == "right" else f"rel:{b} above {a}" if r == "below" else f"rel:{a} {r} {b}"


def facts(scene):
    out = [f for g in scene.groups for f in group_facts(g)]
    out.append("at:" + scene.place)
    for key in ("time", "weather", "moon", "paper"):
        if getattr(scene, key):
            out.append(f"{key}:{getattr(scene, key)}")
    if scene.relation:
        out.append(relation_fact(scene))
    return out


def word(rng, options, plain):
    return options[0] if plain or rng.random() < .5 else pick(rng, options)


def article(text):
    return ("an " if text[0] in "aeio" else "a ") + text


def noun(rng, g, plain=True, colour=True, count=True, more=True):
    """'two striped red balloons' and the facts that this states."""
    k = CATALOGUE[g.kind]
    many = count and g.count > 1
    name = (k.plural if many else k.name)
    if not plain and k.synonyms and not many and rng.random() < .45:
        name = pick(rng, k.synonyms)
    elif not plain and many and k.synonyms and rng.random() < .3 and k.synonyms[0][-1] not in "shy":
        name = k.synonyms[0] + "s"
    said, words = [g.kind], []
    if more and g.size:
        words.append(word(rng, SIZE[g.size], plain))
        said.append(f"{g.kind}:{g.size}")
    if more and g.pattern:
        words.append(word(rng, PATTERN[g.pattern], plain))
        said.append(f"{g.kind}:{g.pattern}")
    dressed = "dressed" in k.families
    if colour and not dressed:
        words.append(word(rng, COLOUR[g.colour], plain))
    text = " ".join(words + [name])
    if colour:
        said.append(f"{g.kind}:{g.colour}")
        if dressed:
            text += " in " + word(rng, COLOUR[g.colour][:2], plain)
    if many:
        said.append(f"{g.kind}:n{g.count}")
        return f"{word(rng, COUNT[g.count], plain)} {text}", said
    if count and more:
        said.append(f"{g.kind}:n1") if g.count == 1 else None
    return article(text), said


def place(rng, scene, plain=True):
    stand, fly = PLACE[scene.place]
    said = ["at:" + scene.place]
    if scene.place == "studio":
        return word(rng, stand, plain).format(scene.paper), said + ["paper:" + scene.paper]
    if fly and all(g.zone == "air" for g in scene.groups):
        return word(rng, fly, plain), said
    return word(rng, stand, plain), said


def weather(rng, scene, plain=True):
    said, options = ["weather:" + scene.weather], WEATHER[scene.weather]
    if scene.moon:
        return word(rng, MOON[scene.moon], plain), said + ["moon:" + scene.moon]
    if scene.weather == "clear" and scene.time in CLEAR_AT:
        return word(rng, CLEAR_AT[scene.time], plain), said + ["time:" + scene.time]
    return word(rng, options, plain), said


def things(rng, scene, plain=True, **how):
    """The groups with their relation, said from either side."""
    said = []
    texts = []
    for g in scene.groups:
        t, s = noun(rng, g, plain, **how)
        texts.append(t)
        said += s
    if not scene.relation:
        return texts[0], said
    r, (a, b) = scene.relation, texts
    if r in ("left", "right", "above", "below") and rng.random() < .3:
        r, a, b = {"left": "right", "right": "left", "above": "below", "below": "above"}[r], b, a
    return f"{a} {word(rng, RELATION[r], plain)} {b}", said + [relation_fact(scene)]


def identifying(rng, scene, plain=True):
    """Everything about the picture in one sentence."""
    what, said = things(rng, scene, plain)
    where, s = place(rng, scene, plain)
    said += s
    when = sky = None
    if scene.time:
        when, sky = word(rng, TIME[scene.time], plain), None
        said.append("time:" + scene.time)
        sky, s = weather(rng, scene, plain)
        said += s
    form = rng.random()
    if not scene.time:
        text = f"{what} {where}"
    elif form < .6:
        text = f"{what} {where} {when} {sky}"
    elif form < .8:
        text = f"{when} {sky}, {what} {where}"
    else:
        text = f"{what} {where} {sky} {when}"
    return text, sorted(set(said))


def short(rng, scene):
    """A casual query for which this picture is a right answer."""
    form, said = rng.random(), []
    plain = rng.random() < .5
    g = scene.groups[int(rng.random() * len(scene.groups))]
    parts = []
    if form < .13:                                   # the mood only
        options = [place]
        if scene.time:
            options += [lambda r, s, p: (word(r, TIME[s.time], p), ["time:" + s.time]), weather]
        for f in options[:1 + int(rng.random() * len(options))] if rng.random() < .6 else options[-1:]:
            t, s = f(rng, scene, plain)
            parts.append(t)
            said += s
        return " ".join(parts), said
    if form < .24 and CATALOGUE[g.kind].families:    # an animal on a beach
        f = CATALOGUE[g.kind].families[int(rng.random() * len([f for f in CATALOGUE[g.kind].families if f != "dressed"]))]
        t = FAMILY.get(f, (f, f + "s"))
        t, said = (article(t[0]) if f not in ("fruit",) else "fruit") if rng.random() < .6 else t[1], ["is:" + f]
    elif form < .36 and len(scene.groups) == 2:      # two things
        if rng.random() < .5:
            t, said = things(rng, scene, plain, colour=rng.random() < .6, more=False, count=rng.random() < .6)
        else:
            (t, said), (u, s) = (noun(rng, h, plain, rng.random() < .5, rng.random() < .5, False) for h in scene.groups)
            t, said = f"{t} and {u}", said + s
    elif form < .42:                                 # just words: "red car", "cats"
        k = CATALOGUE[g.kind]
        t, said = (k.name, [g.kind]) if rng.random() < .6 else (k.plural, [g.kind])
        if rng.random() < .4:
            c = word(rng, COLOUR[g.colour], plain)
            t = f"{t} in {c}" if "dressed" in k.families else f"{c} {t}"
            said = [g.kind, f"{g.kind}:{g.colour}"]
    else:
        t, said = noun(rng, g, plain, rng.random() < .7, rng.random() < .8, rng.random() < .5)
    parts.append(t)
    if rng.random() < .1:
        parts.insert(0, pick(rng, ("a picture of", "a drawing of", "an illustration of", "a photo of", "there is")))
    if rng.random() < .42:
        t, s = place(rng, scene, plain)
        parts.append(t)
        said += s
    if scene.time and rng.random() < .35:
        parts.append(word(rng, TIME[scene.time], plain))
        said.append("time:" + scene.time)
    if scene.time and rng.random() < .25:
        t, s = weather(rng, scene, plain)
        parts.append(t)
        said += s
    return " ".join(parts), sorted(set(said))
