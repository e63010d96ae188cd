"""The people and the things of the problems. A word of a kind fits wherever its kind is asked for: whatever
is a `fruit` grows, is sold by the piece and eaten.
"""

from dataclasses import dataclass

PRONOUNS = {
    "f": {"he": "she", "him": "her", "his": "her"},
    "m": {"he": "he", "him": "him", "his": "his"},
}
GIRLS = """
Abigail Aisha Alice Amara Amelia Anika Anna Aria Ava Beatriz Bella Camila Carmen Chloe Claire Daisy Daniela
Elena Elif Eliza Ella Emily Emma Esther Fatima Fiona Freya Gabriela Grace Hana Hannah Hazel Helen Imani Ingrid
Isabel Ivy Jade Jasmine Julia Kavya Keiko Lara Layla Leah Lila Lily Lina Lucia Lucy Maria Maya Mei Mia Mina
Molly Nadia Naomi Nina Nora Olivia Paula Penelope Petra Priya Rachel Renata Rosa Ruby Ruth Sana Sara Selma
Sienna Sofia Stella Tamara Tara Valeria Vera Willa Yara Yasmin Yuki Zara Zoe
"""
BOYS = """
Aaron Adam Ahmed Aiden Alan Andre Anton Arjun Ben Bilal Brian Caleb Carl Carter Cedric Daniel David Diego
Dmitri Dylan Eduardo Edwin Eli Emil Erik Ethan Felix Finn Francisco Gavin George Hassan Hector Henry Hiro
Hugo Ian Ibrahim Isaac Ivan Jack Jacob Jamal Javier Joel Jonah Jorge Joseph Juan Kai Karim Kenji Kevin Kofi
Kwame Leo Levi Liam Logan Luca Malik Marco Martin Mateo Max Miguel Milo Nathan Noah Oliver Omar Oscar Owen
Pablo Patrick Paul Pedro Peter Rafael Raj Ravi Robert Ryan Sam Samir Sebastian Simon Stefan Theo Tom Tyler
Victor Vikram Walter Wei William Xavier Yusuf Zach
"""
FAMILIES_OF_WORDS = {
    "collectible": """marble; stamp; seashell; sticker; postcard; trading card; bottle cap; button; comic
    book;
        old coin; keychain; magnet; badge; pebble; bead; baseball card; pin; feather; action figure""",
    "fruit": """apple; pear; orange; peach; plum; mango/mangoes; lemon; banana; apricot; fig; lime; kiwi;
        nectarine; tangerine; avocado; coconut; pomegranate; grapefruit/grapefruits""",
    "baked": """cookie; muffin; cupcake; brownie; bagel; scone; doughnut; pretzel; croissant; bread roll;
        cinnamon bun; pancake; biscuit; tart; macaroon; waffle""",
    "supply": """notebook; pen; marker; folder; eraser; ruler; pencil case; glue stick; binder; sketch pad;
        paintbrush; highlighter; stapler; calendar; pencil sharpener; notepad; clipboard""",
    "garment": """shirt; sweater; scarf/scarves; hat; skirt; belt; pair of jeans/pairs of jeans; hoodie; vest;
        pair of gloves/pairs of gloves; cap; pair of sandals/pairs of sandals; swimsuit; blouse; raincoat;
        dress;
        pair of slippers/pairs of slippers; cardigan""",
    "gadget": """tablet; camera; bicycle; guitar; keyboard; game console; telescope; drone; printer;
    skateboard;
        smartwatch; sewing machine; tent; pair of skis; microscope; record player; kayak; electric scooter""",
    "toy": """puzzle; board game; doll; toy car; kite; yo-yo/yo-yos; teddy bear; toy train; toy robot;
        jump rope; water gun; toy dinosaur; rubber duck; toy boat; card game; toy drum""",
    "flower": """rose; tulip; daisy; lily; sunflower; carnation; orchid; daffodil; peony; iris/irises; dahlia;
        marigold; poppy; pansy""",
    "animal": """cow; sheep/sheep; goat; pig; hen; duck; horse; rabbit; turkey; goose/geese; donkey; llama;
        pony; alpaca""",
    "craft": """bracelet; candle; birdhouse; bowl; mug; basket; picture frame; vase; wooden spoon; pillow;
        knitted hat; pair of earrings/pairs of earrings; tote bag; necklace; clay pot; puppet; bookmark""",
    "relative": """brother; sister; cousin; aunt; uncle; grandmother; grandfather; best friend; neighbor;
        godmother; classmate""",
    "giver": "grandmother; grandfather; aunt; uncle; mother; father; godmother; godfather",
    "town": """Millbrook; Fairview; Oakdale; Riverton; Ashford; Lakeside; Cedar Hill; Brookfield; Maplewood;
        Westport; Greenville; Pine Valley; Harbor Point; Stonebridge""",
    "subject": "math; history; science; geography; Spanish; music; art; French; biology",
    "sport": "soccer; basketball; tennis; hockey; volleyball; baseball; handball; badminton",
    "club": """chess club; drama club; swimming club; science club; hiking club; photography club; book club;
        gardening club; robotics club; school choir; running club""",
    "event": """school fair; charity concert; book festival; science fair; town picnic; talent show; street
        festival; dance contest; harvest festival; film night; craft fair; flower show""",
    "outing": """museum; zoo; aquarium; circus; water park; botanical garden; science center; planetarium;
    theater;
        amusement park; ice rink; puppet theater""",
    "chore": """mowing lawns; walking dogs; babysitting; washing cars; raking leaves; painting fences;
    tutoring;
        weeding gardens; delivering newspapers; shoveling snow""",
    "workplace": """bakery; bookstore; library; garden center; pet shop; restaurant; bicycle shop; car wash;
        hotel; farm; movie theater; grocery store; warehouse""",
    "hobby": """piano; violin; guitar; flute; drums; cello; trumpet; clarinet; saxophone; harp""",
    "treat": "movie ticket; present; new T-shirt; poster; book; plant; board game; cap; toy",
    "lengthunit": "meter; foot/feet; yard",
    "basin": "tank; pool; pond; fountain basin; cistern",
    "paper": "letter; flyer; brochure; invitation; newsletter; form; questionnaire",
    "ware": """bottle; light bulb; battery; pencil; can; plastic cup; tile; screw; spring; candle; toy car;
    key;
        spoon""",
    "teamname": "Hawks; Tigers; Comets; Rockets; Dolphins; Wolves; Bears; Eagles; Sharks; Lions; Falcons",
    "weekday": "Monday; Tuesday; Wednesday; Thursday; Friday; Saturday; Sunday",
}
IN_ORDER = ("weekday",)  # those of one problem follow each other


@dataclass(frozen=True)
class Person:
    """A name with the gender that decides its pronouns, "f" or "m"."""

    name: str
    gender: str


@dataclass(frozen=True)
class Noun:
    """Its forms: box, boxes, a box."""

    singular: str
    plural: str
    with_article: str


def noun(word: str) -> Noun:
    """Of box, or of child/children where the plural is irregular."""
    singular, _, plural = word.partition("/")
    article = "an" if singular[0] in "aeiou" else "a"
    return Noun(singular, plural or _plural(singular), f"{article} {singular}")


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


PEOPLE = tuple(Person(name, "f") for name in GIRLS.split()) + tuple(
    Person(name, "m") for name in BOYS.split()
)
VOCABULARY = {
    kind: tuple(noun(" ".join(word.split())) for word in words.split(";"))
    for kind, words in FAMILIES_OF_WORDS.items()
}
