"""The table of kinds: how each is drawn, named, coloured and how big it is."""
from collections import namedtuple

import animals as A
import animals_wild as W
import buildings as B
import objects as O
import people as H
import plants as P
import vehicles as V

Kind = namedtuple("Kind", "name plural draw aspect height colours patterns synonyms families")

ANY = "red orange yellow green blue purple pink white black grey turquoise brown".split()
BRIGHT = "red orange yellow green blue purple pink white turquoise".split()
MADE = BRIGHT + ["wooden", "golden", "silver"]
ALL = ("striped", "spotted", "checked")
CATALOGUE = {}


def kind(name, draw, aspect, height, colours, synonyms="", families="", patterns=(), plural=None):
    """height: of one such thing alone, as a part of the picture's side."""
    colours = colours.split() if isinstance(colours, str) else colours
    CATALOGUE[name] = Kind(name, plural or name + "s", draw, aspect, height, colours, tuple(patterns),
                           [s for s in synonyms.split(",") if s], families.split())


# vehicles
kind("car", V.car, 2.0, .24, ANY, "automobile,motor car", "vehicle")
kind("bus", V.bus, 2.0, .29, BRIGHT, "coach", "vehicle", plural="buses")
kind("truck", V.truck, 2.1, .28, ANY, "lorry", "vehicle")
kind("tractor", V.tractor, 1.4, .30, "red green blue yellow orange", "farm tractor", "vehicle")
kind("bicycle", V.bicycle, 1.6, .30, BRIGHT + ["black"], "bike,cycle", "vehicle")
kind("train", V.train, 2.15, .30, "red green blue black purple brown orange turquoise", "locomotive,steam train", "vehicle")
kind("sailing boat", V.sailboat, 1.0, .42, BRIGHT, "sailboat,yacht", "boat vehicle", ("striped", "spotted"))
kind("ship", V.ship, 2.0, .30, "red blue black green white orange purple", "steamer,cruise ship", "boat vehicle")
kind("rowing boat", V.rowboat, 2.0, .19, BRIGHT + ["wooden"], "rowboat,dinghy", "boat vehicle")
kind("aeroplane", V.plane, 2.0, .23, "red blue white yellow green orange pink silver", "airplane,plane,jet", "aircraft vehicle")
kind("helicopter", V.helicopter, 1.9, .24, "red blue yellow green black orange white", "chopper", "aircraft vehicle")
kind("hot-air balloon", V.airballoon, .82, .40, BRIGHT, "hot air balloon,airship balloon", "aircraft vehicle", ALL)
kind("rocket", V.rocket, .52, .42, "red blue green orange purple pink black", "spaceship,space rocket", "vehicle")
kind("flying saucer", V.ufo, 2.0, .22, "silver golden green purple red blue turquoise", "UFO,alien spaceship")
kind("submarine", V.submarine, 2.0, .26, "yellow red green orange grey pink white", "sub", "vehicle")
# animals
kind("cat", A.cat, .82, .34, "black white orange grey brown", "kitty,kitten", "animal pet")
kind("dog", A.dog, 1.24, .32, "brown white black grey yellow orange", "puppy,hound", "animal pet")
kind("horse", A.horse, 1.2, .38, "brown white black grey", "pony,stallion", "animal")
kind("cow", A.cow, 1.36, .33, "white brown black", "bull,cattle", "animal")
kind("sheep", A.sheep, 1.2, .28, "white black grey brown", "lamb,ewe", "animal", plural="sheep")
kind("elephant", A.elephant, 1.3, .40, "grey pink blue brown", "african elephant", "animal")
kind("giraffe", A.giraffe, .74, .50, "yellow orange", "tall giraffe", "animal")
kind("rabbit", A.rabbit, .8, .29, "white brown grey black", "bunny,hare", "animal pet")
kind("bird", A.bird, 1.55, .19, "red blue yellow white black green pink orange", "songbird,little bird", "animal")
kind("owl", A.owl, .68, .34, "brown white grey purple", "night owl", "animal")
kind("duck", A.duck, 1.35, .24, "yellow white green brown", "duckling,drake", "animal")
kind("fish", W.fish, 1.65, .24, BRIGHT[:-2] + ["golden"], "swimming fish", "animal", ("striped", "spotted"), plural="fish")
kind("whale", W.whale, 2.05, .27, "blue grey black white pink", "sea giant", "animal")
kind("turtle", W.turtle, 1.6, .24, "green brown orange purple", "tortoise", "animal")
kind("penguin", W.penguin, .68, .34, "black blue grey", "emperor penguin", "animal")
kind("camel", W.camel, 1.26, .40, "yellow brown white orange", "dromedary", "animal")
kind("butterfly", W.butterfly, 1.25, .23, BRIGHT, "monarch butterfly", "animal insect", plural="butterflies")
kind("fox", W.fox, 1.6, .27, "orange red white grey", "sly fox", "animal", plural="foxes")
kind("bear", W.bear, 1.35, .33, "brown white black", "grizzly", "animal")
kind("octopus", W.octopus, 1.1, .34, "red purple orange pink green", "squid,kraken", "animal", ("spotted",), plural="octopuses")
kind("jellyfish", W.jellyfish, .82, .34, "pink purple blue white turquoise", "medusa", "animal", plural="jellyfish")
kind("crab", W.crab, 1.5, .23, "red orange blue purple", "little crab", "animal")
# people: dressed in their colour
DRESS = "red yellow green blue purple pink white orange black turquoise"
kind("woman", H.woman, .44, .46, DRESS, "lady", "person dressed", plural="women")
kind("man", H.man, .46, .46, DRESS, "gentleman", "person dressed", plural="men")
kind("child", H.child, .7, .34, DRESS, "kid,boy,girl", "person dressed", plural="children")
# buildings
kind("house", B.house, 1.0, .40, "white red yellow blue pink green orange wooden", "cottage,home", "building")
kind("castle", B.castle, 1.3, .46, "grey white pink yellow purple blue", "fortress,palace", "building")
kind("lighthouse", B.lighthouse, .46, .54, "red blue black green orange", "beacon", "building tower")
kind("windmill", B.windmill, .84, .48, "white red brown blue green", "mill", "building")
kind("tent", B.tent, 1.6, .27, BRIGHT, "camping tent", "shelter", ("striped", "spotted"))
kind("church", B.church, .92, .44, "white yellow grey pink", "chapel", "building", plural="churches")
kind("barn", B.barn, 1.2, .36, "red white brown green blue", "farmhouse,farm building", "building")
kind("skyscraper", B.skyscraper, .44, .58, "blue grey red purple turquoise brown", "tower,high-rise", "building")
# trees and flowers
kind("tree", P.tree, .78, .48, "green orange red yellow pink", "leafy tree", "tree plant")
kind("fir tree", P.fir, .64, .46, "green blue turquoise white", "pine tree,christmas tree,conifer", "tree plant")
kind("palm tree", P.palm, .92, .50, "green yellow", "palm,coconut palm", "tree plant")
kind("cactus", P.cactus, .64, .38, "green turquoise purple", "saguaro", "plant", plural="cacti")
kind("flower", P.flower, .62, .34, "red yellow pink purple white blue orange", "blossom,daisy", "flower plant")
kind("tulip", P.tulip, .5, .34, "red yellow pink purple white orange", "spring tulip", "flower plant")
kind("sunflower", P.sunflower, .62, .42, "yellow orange", "sun flower", "flower plant")
kind("mushroom", P.mushroom, .98, .28, "red brown purple blue orange yellow", "toadstool", "plant", ("striped",))
# fruit
kind("apple", P.apple, .95, .22, "red green yellow", "ripe apple", "fruit food")
kind("pear", P.pear, .75, .25, "green yellow red", "ripe pear", "fruit food")
kind("banana", P.banana, 1.65, .19, "yellow green", "ripe banana", "fruit food")
kind("orange", P.orange, .95, .21, "orange", "mandarin,tangerine", "fruit food")
kind("lemon", P.lemon, 1.5, .18, "yellow green", "citrus fruit", "fruit food")
kind("cherry", P.cherries, 1.0, .21, "red purple", "cherry pair", "fruit food", plural="cherries")
kind("bunch of grapes", P.grapes, .84, .25, "purple green red blue", "grapes", "fruit food", plural="bunches of grapes")
kind("strawberry", P.strawberry, .9, .21, "red pink", "ripe strawberry", "fruit food berry", plural="strawberries")
kind("slice of watermelon", P.watermelon, 1.66, .19, "red pink yellow", "watermelon,melon slice", "fruit food", plural="slices of watermelon")
kind("pineapple", P.pineapple, .62, .34, "yellow orange", "ananas", "fruit food")
# made things
kind("parasol", O.umbrella, 1.05, .44, BRIGHT, "beach umbrella,sunshade,umbrella", "", ALL)
kind("balloon", O.balloon, .6, .36, BRIGHT, "toy balloon,party balloon", "toy", ALL)
kind("kite", O.kite, .58, .36, BRIGHT, "flying kite", "toy", ("striped", "spotted"))
kind("ball", O.ball, 1.0, .19, MADE, "beach ball", "toy", ALL)
kind("snowman", O.snowman, .76, .40, "red blue green purple black orange", "snow man,man of snow", "", plural="snowmen")
kind("cup", O.cup, 1.1, .24, MADE, "mug,coffee cup", "kitchenware", ALL)
kind("teapot", O.teapot, 1.4, .26, MADE, "tea pot,kettle", "kitchenware", ALL)
kind("vase", O.vase, .62, .38, MADE, "vase of flowers,flower vase", "", ALL)
kind("cake", O.cake, 1.24, .26, "pink brown yellow white turquoise purple", "birthday cake", "food", ("striped", "spotted"))
kind("gift", O.gift, .96, .26, BRIGHT + ["golden", "silver"], "present,gift box", "", ALL)
kind("candle", O.candle, .5, .30, "red white blue green purple pink yellow", "burning candle", "", ("striped",))
kind("clock", O.clock, 1.0, .27, MADE, "alarm clock", "")
kind("guitar", O.guitar, .84, .42, "wooden red black blue white orange", "acoustic guitar", "instrument")
kind("chair", O.chair, .86, .36, BRIGHT + ["wooden"], "seat", "furniture")
kind("planet", O.planet, 1.36, .34, BRIGHT[:-2] + ["turquoise"], "world with a ring,ringed planet", "")
kind("astronaut", O.astronaut, .86, .36, "white orange blue silver", "spaceman,cosmonaut", "person")
# plain shapes
SHAPE = ANY + ["wooden", "golden", "silver"]
for _n, _d, _a, _s, _pl in (
        ("circle", O.circle, 1, "disc,round shape", None), ("square", O.square, .95, "square shape", None),
        ("triangle", O.triangle, 1.12, "triangular shape", None), ("hexagon", O.hexagon, 1, "six-sided shape", None),
        ("star", O.star, 1.1, "five-pointed star", None), ("heart", O.heart, 1.1, "heart shape", None),
        ("ring", O.ringshape, 1, "hoop", None), ("diamond", O.diamond, .78, "rhombus", None),
        ("cross", O.cross, .98, "plus sign", "crosses"), ("crescent", O.crescent, .8, "crescent shape", None)):
    kind(_n, _d, _a, .34, SHAPE, _s, "shape", ALL, _pl)
