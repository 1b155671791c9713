"""Words for what the world contains; the first of each list is the plain one."""

COLOUR = {
    "red": ["red", "crimson", "scarlet"], "orange": ["orange", "amber"], "yellow": ["yellow", "bright yellow", "lemon-coloured"],
    "green": ["green", "emerald", "leaf-green"], "blue": ["blue", "azure", "cobalt"], "purple": ["purple", "violet"],
    "pink": ["pink", "rosy", "rose"], "brown": ["brown", "chestnut"], "white": ["white", "ivory", "snow-white"],
    "black": ["black", "jet-black"], "grey": ["grey", "gray"], "turquoise": ["turquoise", "teal", "cyan"],
    "golden": ["golden", "gold", "shiny gold"], "silver": ["silver", "silvery", "metal"], "wooden": ["wooden", "wood"],
}
PATTERN = {"striped": ["striped", "stripy"], "spotted": ["spotted", "polka-dot", "dotted"], "checked": ["checked", "chequered", "checkered"]}
SIZE = {"tiny": ["tiny", "small", "little"], "huge": ["huge", "big", "large", "giant"]}
COUNT = {1: ["a"], 2: ["two", "a pair of", "2"], 3: ["three", "3", "a trio of"], 4: ["four", "4"], 5: ["five", "5"]}

# (standing there, flying over it)
PLACE = {
    "meadow": (["in a green meadow", "in a meadow", "on the grass", "on a grassy hill", "in a field of grass"], ["over a green meadow", "over grassy hills"]),
    "garden": (["in a garden", "by a white fence", "in the backyard", "on the lawn"], ["over a garden", "over the lawn"]),
    "farm": (["on a farm", "on the farmland", "among rows of crops", "in a ploughed field"], ["over a farm", "over farm fields"]),
    "beach": (["on a beach", "on the beach", "on the sand by the sea", "at the seaside", "by the sea", "on the shore"], ["over a beach", "above the seaside"]),
    "sea": (["on the open sea", "at sea", "on the ocean", "on the waves"], ["over the open sea", "over the ocean"]),
    "lake": (["on a lake", "on a calm lake", "on the water of a lake"], ["over a lake", "above a lake"]),
    "desert": (["in a desert", "in the desert", "among sand dunes", "on the dunes"], ["over a desert", "over sand dunes"]),
    "mountains": (["in the mountains", "below snowy peaks", "near high mountains", "in a mountain valley"], ["over the mountains", "above a mountain valley"]),
    "forest": (["in a forest", "in the woods", "among fir trees", "in the woodland"], ["over a forest clearing", "in a forest", "in the woods"]),
    "city": (["in a city street", "in the city", "in town", "downtown", "in front of tall buildings"], ["over a city", "above the town"]),
    "snowfield": (["in a snowy field", "in the snow", "on the snow", "in a snowy landscape", "in winter"], ["over a snowy field", "over a snowy landscape", "in winter"]),
    "road": (["on a country road", "on the road", "by the roadside", "on the highway"], ["over a country road", "over the road"]),
    "sky": (["high above the clouds", "in the sky", "over the clouds", "up in the air"], None),
    "space": (["in outer space", "in space", "among the stars", "in the universe"], None),
    "underwater": (["under the sea", "underwater", "on the sea bed", "deep in the ocean"], None),
    "kitchen": (["on a kitchen table", "on a wooden table", "in a kitchen", "on the table by the window", "indoors"], None),
    "studio": (["on a {} background", "on {} paper", "on {}"], None),
}
TIME = {
    "dawn": ["at dawn", "at sunrise", "early in the morning", "at daybreak"],
    "day": ["by day", "in daylight", "at noon", "during the day"],
    "sunset": ["at sunset", "at dusk", "in the evening", "at sundown"],
    "night": ["at night", "after dark", "by night", "at midnight"],
}
WEATHER = {
    "clear": ["under a clear sky", "in fine weather"], "cloudy": ["under a cloudy sky", "on a cloudy day", "under clouds"],
    "rain": ["in the rain", "on a rainy day", "while it rains", "in rainy weather"],
    "snow": ["in falling snow", "while it snows", "in a snowfall", "with snowflakes falling"],
    "fog": ["in the fog", "in mist", "on a foggy day", "in foggy weather"],
    "storm": ["in a thunderstorm", "with lightning", "in stormy weather", "under a flash of lightning"],
    "rainbow": ["under a rainbow", "with a rainbow in the sky", "with a rainbow"],
}
CLEAR_AT = {"day": ["in the sunshine", "on a sunny day", "under a blue sky"], "night": ["under the stars", "under a starry sky", "on a starry night"]}
MOON = {"full": ["under a full moon", "in the moonlight", "with the full moon in the sky"],
        "crescent": ["under a crescent moon", "with a crescent moon in the sky"]}

RELATION = {
    "left": ["to the left of", "left of", "on the left of"], "right": ["to the right of", "right of", "on the right of"],
    "above": ["above", "over", "higher than"], "below": ["below", "beneath", "lower than"],
    "under": ["under", "in the shade of", "beneath"], "front": ["in front of", "before"], "between": ["between"],
}
FAMILY = {
    "vehicle": ("vehicle", "vehicles"), "boat": ("boat", "boats"), "aircraft": ("aircraft", "aircraft"), "animal": ("animal", "animals"),
    "pet": ("pet", "pets"), "building": ("building", "buildings"), "tree": ("tree", "trees"), "plant": ("plant", "plants"),
    "flower": ("flower", "flowers"), "fruit": ("fruit", "fruits"), "food": ("something to eat", "things to eat"), "toy": ("toy", "toys"),
    "shape": ("shape", "shapes"), "insect": ("insect", "insects"), "tower": ("tower", "towers"), "person": ("person", "people"),
}
