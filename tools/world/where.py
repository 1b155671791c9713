"""Which kinds belong where, and which light and weather a place may have."""
from kinds import CATALOGUE

_MEADOW = "woman,man,child,cat,dog,rabbit,fox,horse,tree,house,tent,bicycle,ball,chair,car,balloon,gift,owl,mushroom,flower,tulip,sunflower,guitar"
GROUND = {
    "meadow": _MEADOW + ",cow,sheep,elephant,giraffe,bear,windmill,church,castle,barn,fir tree,tractor,turtle,astronaut",
    "garden": _MEADOW + ",duck,clock,vase,parasol,crab,turtle,cake,palm tree,cactus",
    "farm": "man,woman,child,cow,sheep,horse,dog,cat,rabbit,fox,tractor,truck,barn,windmill,house,tree,sunflower,owl,duck,church,bicycle,train",
    "beach": "woman,child,man,parasol,crab,turtle,palm tree,ball,dog,cat,chair,tent,lighthouse,castle,car,bicycle,sailing boat,rowing boat,"
             "camel,horse,house,guitar,bus,balloon,gift,penguin,pineapple,tree,train,elephant",
    "desert": "man,woman,camel,cactus,palm tree,tent,car,truck,bus,horse,fox,elephant,giraffe,turtle,castle,rocket,astronaut,train,crab,bicycle,tower",
    "mountains": "man,woman,child,bear,fox,sheep,horse,cow,rabbit,owl,fir tree,tree,tent,house,castle,church,train,bus,car,bicycle,flower,dog,cat,windmill",
    "forest": "child,man,woman,bear,fox,rabbit,owl,horse,mushroom,tent,house,castle,fir tree,bicycle,car,dog,cat,elephant,flower,turtle,tulip,tractor,guitar",
    "city": "woman,man,child,car,bus,truck,bicycle,train,skyscraper,house,church,dog,cat,tree,balloon,horse,elephant,giraffe,chair,gift,guitar,tractor,rabbit,clock",
    "snowfield": "child,woman,man,penguin,snowman,bear,fox,rabbit,fir tree,house,church,castle,tent,dog,cat,owl,train,tractor,car,horse,gift,bus,candle,lighthouse",
    "road": "woman,man,child,car,bus,truck,tractor,bicycle,train,dog,cat,horse,cow,sheep,house,tree,church,barn,windmill,turtle,fox,camel,fir tree,duck",
}
WATER = {"sea": "sailing boat,ship,rowing boat,whale,duck,submarine", "lake": "sailing boat,rowing boat,duck,ship,whale,submarine"}
AIR = "bird,butterfly,kite,balloon,hot-air balloon,aeroplane,helicopter,flying saucer"
FLOAT = {
    "sky": AIR + ",rocket,owl",
    "space": "planet,astronaut,rocket,flying saucer,star,cat,whale,teapot,hot-air balloon,car,crescent,octopus",
    "underwater": "fish,octopus,jellyfish,turtle,whale,crab,submarine,duck,star,penguin",
    "studio": "circle,square,triangle,hexagon,star,heart,ring,diamond,cross,crescent",
}
TABLE = {"kitchen": "apple,pear,banana,orange,lemon,cherry,bunch of grapes,strawberry,slice of watermelon,pineapple,cup,teapot,vase,"
                    "cake,gift,candle,clock,cat,mushroom,fish,guitar,cactus,ball"}
PLACES = {"meadow": 9, "garden": 7, "farm": 7, "beach": 10, "sea": 8, "lake": 7, "desert": 7, "mountains": 8, "forest": 8,
          "city": 8, "snowfield": 8, "road": 7, "sky": 5, "space": 6, "underwater": 7, "kitchen": 12, "studio": 9}
TIMES = {"dawn": 2, "day": 4, "sunset": 3, "night": 3}
WEATHERS = {"clear": 8, "cloudy": 4, "rain": 3, "snow": 2, "fog": 2, "storm": 2, "rainbow": 2}
NOT_HERE = {"desert": ("snow",), "sky": ("fog", "rain", "cloudy"), "snowfield": ("rain", "storm"), "sea": ("snow",), "beach": ("snow",)}
SHELTER = ("tree", "palm tree", "fir tree", "parasol")          # small things go under these
BACKDROP = ("house", "castle", "church", "barn", "windmill", "lighthouse", "skyscraper", "tent", "train", "bus")
TALL = ("tree", "palm tree", "fir tree", "house", "castle", "church", "barn", "windmill", "lighthouse", "skyscraper")


def split(text):
    return [k for k in text.split(",") if k in CATALOGUE]


def zones(place):
    """[(zone, kinds)] that a place offers."""
    if place in FLOAT:
        return [("float", split(FLOAT[place]))]
    if place in TABLE:
        return [("table", split(TABLE[place]))]
    low = ("water", split(WATER[place])) if place in WATER else ("ground", split(GROUND[place]))
    return [low, ("air", split(AIR))]


def weathers(place, time):
    w = {k: v for k, v in WEATHERS.items() if k not in NOT_HERE.get(place, ())}
    if time in ("night", "sunset"):
        w.pop("rainbow", None)
    return w
