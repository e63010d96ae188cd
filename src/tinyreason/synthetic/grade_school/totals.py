"""Totals of several people, shelves, rows, legs and points."""

from tinyreason.synthetic.grade_school.continuations import things_changes, things_ends
from tinyreason.synthetic.grade_school.templates import template

COLLECTION = template(
    "totals/collection",
    """
    full_boxes 2-9; size 5-24; loose 3-30
    ? {A} keeps {his} {collectibles} in {full_boxes} boxes of {size}. Another {loose} {collectibles} lie on
      {his} desk. >> How many {collectibles} does {A} have?
    ? There are {size} {collectibles} in each of {A}'s {full_boxes} boxes, and {loose} more in {his} drawer.
      >> How many {collectibles} does {he} have [in all|altogether]?
    ? {A} filled {full_boxes} boxes with {size} {collectibles} each and had {loose} {collectibles} left over.
      >> How many {collectibles} did {A} have in all?
    ! 2-9: {A} bought {his} first {collectible} {noise} years ago.
    in_boxes = full_boxes * size: the boxes hold {=~collectible}
    owned = in_boxes + loose: in all, {A} has {=~collectible}
    """,
    changes=things_changes("collectible"),
    ends=things_ends("collectible", "2-6"),
)
PICKING = template(
    "totals/picking",
    """
    trees_picked 3-12; per_tree 8-40; ground 5-60; bad 2-30
    ? {A} picked {per_tree} {fruits} from each of {trees_picked} trees and gathered {ground} more from the
      ground. {bad} of the {fruits} were bad, and {he} threw them away. >> How many {fruits} did {A} have
      then?
    ? From each of {trees_picked} trees, {A} got {per_tree} {fruits}. {he} found another {ground} on the
      ground, but {bad} of all these {fruits} were bad and were thrown away. >> How many good {fruits} did
      {A} have?
    ? In {A}'s garden, there were {trees_picked} trees with {per_tree} {fruits} on each, and {ground}
      {fruits} lay on the ground. {A} collected all of them and threw away {bad} bad ones. >> How many
      {fruits} did {A} keep?
    ! 10-40: The trees were planted {noise} years ago.
    from_trees = trees_picked * per_tree: {A} picked {=~fruit} from the trees
    gathered = from_trees + ground: with those from the ground, there {=^was/were} {=~fruit}
    good = gathered - bad: without the bad ones, {A} had {=~fruit}
    """,
    changes=things_changes("fruit")[:1] + things_changes("fruit")[3:],
    ends=things_ends("fruit", "1-3"),
)
LEGS = template(
    "totals/legs",
    """
    cows 3-30; hens 4-50; spiders 2-9
    ? On a farm, there are {cows} cows and {hens} hens. {A} also counted {spiders} spiders, which have 8 legs
      each. >> How many legs do all of these animals have together?
    ? {A} looked into a barn with {cows} cows, {hens} hens and {spiders} spiders. A spider has 8 legs. >> How
      many legs did the animals in the barn have in all?
    ? A barn is home to {hens} hens, {cows} cows and {spiders} spiders. Each spider has 8 legs. >> How many
      legs is that altogether?
    ! 5-60: The farm has {noise} fields.
    cow_legs = cows * 4: the cows have {=~leg}
    hen_legs = hens * 2: the hens have {=~leg}
    spider_legs = spiders * 8: the spiders have {=~leg}
    all_legs = cow_legs + hen_legs + spider_legs: in all, there {=^is/are} {=~leg}
    > sold 2-9
      ? Then {sold} of the cows are sold. >> How many legs are there then?
      legs_sold = sold * 4: the cows that are sold have {=~leg}
      left = all_legs - legs_sold: without them, there {=^is/are} {=~leg}
      > goats 2-12
        ? The farmer gets {goats} goats for them. >> How many legs do all the animals have then?
        goat_legs = goats * 4: the goats have {=~leg}
        with_goats = left + goat_legs: with the goats, there {=^is/are} {=~leg}
    >
      ? >> How many more legs do the cows have than the hens?
      difference = cow_legs - hen_legs: the cows have {=~leg} more
    """,
)
LIBRARY = template(
    "totals/library",
    """
    shelves 3-12; per_shelf 15-60; new 10-90; lent 8-90
    ? A school library had {shelves} shelves with {per_shelf} books on each. It got {new} new books, and then
      {lent} books were lent out. >> How many books were in the library then?
    ? There were {shelves} shelves in {A}'s school library, each with {per_shelf} books. After {new} new
      books had arrived, {lent} books were lent to students. >> How many books were left in the library?
    ? {per_shelf} books stood on each of the {shelves} shelves of a library. Then {new} books were bought,
      and readers took {lent} books home. >> How many books were left in the library?
    ! 2-9: The library is open on {noise} evenings a month.
    on_shelves = shelves * per_shelf: there {=^was/were} {=~book/books} on the shelves
    with_new = on_shelves + new: with the new ones, there {=^was/were} {=~book/books}
    left = with_new - lent: after that, there {=^was/were} {=~book/books} in the library
    + returned 4-50
      ? The next day, {returned} books were brought back. >> How many books were in the library then?
      after_return = it + returned: with those brought back, there {=^was/were} {=~book/books}
    + boxes_given 2-5; per_box 6-20
      ? A neighbor gave the library {boxes_given} boxes with {per_box} books in each. >> How many books were
        in the library then?
      in_boxes = boxes_given * per_box: the boxes held {=~book/books}
      with_boxes = it + in_boxes: with them, there {=^was/were} {=~book/books}
    > groups 2-8
      ? All of these books were then divided equally among {groups} rooms. >> How many books were in each
        room?
      per_room = it / groups: each room had {=~book/books}
    > language 2-5
      ? {1/language} of the books in the library were then in Spanish. >> How many books were not in Spanish?
      spanish = it / language: {=~book/books} {=^was/were} in Spanish
      others = it - spanish: {=~book/books} {=^was/were} not in Spanish
    """,
)
FUNDRAISER = template(
    "totals/fundraiser",
    """
    third 40-200/2; less 5-60; part 2-4; goal 300-900/10
    ? Three classes collected money for {a gadget}. Class A collected {$third}, class B collected {$less}
      less than class A, and class C collected {1/part} as much as class A. The {gadget} costs {$goal}. >>
      How much money is still missing?
    ? A school needs {$goal} for {a gadget}. The third grade has collected {$third}, the fourth grade {$less}
      less than that, and the fifth grade {1/part} of the amount of the third grade. >> How much money does
      the school still need?
    ? For {a gadget} at {$goal}, one class has saved {$third}. A second class has saved {$less} less than the
      first, and a third class {1/part} of what the first has. >> How much more money do they need?
    ! 15-30: There are {noise} students in each class.
    second = third - less: the second class has {=~dollar}
    last = third / part: the third class has {=~dollar}
    collected = third + second + last: together they have {=~dollar}
    missing = goal - collected: {=~dollar} {=^is/are} missing
    > parents 4-40/2
      ? The parents then give another {$parents}. >> How much money is missing then?
      missing_now = missing - parents: after that, {=~dollar} {=^is/are} missing
      > weekly 5-40; weeks < 30
        ? A weekly cake sale brings in {$weekly}. >> How many weeks does it take to get the rest?
        weeks = missing_now / weekly: it takes {=~week}
    > classes 3-9
      ? The missing money is paid in equal parts by {classes} other classes. >> How much does each of these
        classes pay?
      per_class = missing / classes: each of these classes pays {=~dollar}
    """,
)
GARDEN = template(
    "totals/garden",
    """
    rows 3-12; per_row 6-24; more_rows 2-9; per_more 5-20
    ? {A} planted {rows} rows of {flowers} with {per_row} in each row and {more_rows} rows of {flower2s} with
      {per_more} in each row. >> How many flowers did {A} plant?
    ? In {A}'s garden, there are {rows} rows of {per_row} {flowers} and {more_rows} rows of {per_more}
      {flower2s}. >> How many flowers are in the garden?
    ? {A} has {more_rows} rows with {per_more} {flower2s} each and {rows} rows with {per_row} {flowers} each
      in {his} garden. >> How many of these flowers does {A} have in all?
    ! 2-20: The garden has {noise} fruit trees.
    first = rows * per_row: there {=^is/are} {=~flower}
    second = more_rows * per_more: there {=^is/are} {=~flower2}
    all_flowers = first + second: in all, there {=^is/are} {=~flower/flowers}
    + eaten 3-40
      ? Snails ate {eaten} of the flowers. >> How many of the flowers are left?
      after_snails = it - eaten: after that, there {=^is/are} {=~flower/flowers}
    > vase 5-15
      ? {A} cuts all of these flowers and ties them into bunches of {vase}. >> How many bunches does {A} get?
      bunches = it / vase: {A} gets {=~bunch}
      > bunch_price 4-15
        ? {A} sells the bunches for {$bunch_price} each. >> How much money does {A} get?
        income = bunches * bunch_price: {A} gets {=~dollar}
    > part 2-5
      ? {1/part} of the flowers are in bloom. >> How many of the flowers are not in bloom?
      blooming = it / part: {=~flower/flowers} {=^is/are} in bloom
      not_blooming = it - blooming: {=~flower/flowers} {=^is/are} not in bloom
    > water 2-5; can 5-20
      ? Each flower needs {water} ounces of water, and {A}'s can holds {can} ounces. >> How many cans of
        water does {A} need?
      all_water = it * water: they need {=~ounce} of water
      cans = all_water / can: {A} needs {=~can}
    """,
)
BASKETBALL = template(
    "totals/basketball",
    """
    threes 2-12; twos 4-25; frees 2-15; behind 2-20
    ? In a basketball game, the {teamname} made {threes} shots for 3 points, {twos} shots for 2 points and
      {frees} free throws for 1 point each. The {teamname2} had {behind} points fewer. >> How many points did
      the {teamname2} have?
    ? The {teamname} scored with {threes} shots worth 3 points, {twos} shots worth 2 points and {frees} free
      throws worth 1 point each. They won by {behind} points against the {teamname2}. >> How many points did
      the {teamname2} score?
    ? {twos} shots for 2 points, {threes} shots for 3 points and {frees} free throws for 1 point: that was
      the game of the {teamname}. The {teamname2} lost by {behind} points. >> What was the score of the
      {teamname2}?
    ! 100-900/10: {noise} people watched the game.
    from_threes = threes * 3: the shots for 3 points brought {=~point}
    from_twos = twos * 2: the shots for 2 points brought {=~point}
    score = from_threes + from_twos + frees: the {teamname} had {=~point}
    other_score = score - behind: the {teamname2} had {=~point}
    >
      ? >> How many points were scored in this game altogether?
      both = score + other_score: together they scored {=~point}
      > games 2-5
        ? Just as many points were scored in each of {games} games. >> How many points were scored in these
          games?
        in_games = both * games: in {games} games, {=~point} {=^was/were} scored
    > star_part 2-5
      ? One player scored {1/star_part} of the points of the {teamname2}. >> How many points did the others
        of the {teamname2} score?
      star = other_score / star_part: this player scored {=~point}
      others = other_score - star: the others scored {=~point}
    """,
)
WHEELS = template(
    "totals/wheels",
    """
    bikes 4-40; tricycles 2-20; cars 2-30
    ? On a parking lot, there are {bikes} bicycles, {tricycles} tricycles and {cars} cars. A tricycle has 3
      wheels. >> How many wheels do they have altogether?
    ? {A} counted {cars} cars, {bikes} bicycles and {tricycles} tricycles with 3 wheels each in front of the
      {outing}. >> How many wheels was that?
    ? A store for toy vehicles has {tricycles} tricycles, {bikes} bicycles and {cars} cars for sale. Each
      tricycle has 3 wheels, each bicycle 2 and each car 4. >> How many wheels do all of them have?
    ! 10-90: It is {noise} steps from there to the next corner.
    bike_wheels = bikes * 2: the bicycles have {=~wheel}
    tricycle_wheels = tricycles * 3: the tricycles have {=~wheel}
    car_wheels = cars * 4: the cars have {=~wheel}
    wheels = bike_wheels + tricycle_wheels + car_wheels: in all, there {=^is/are} {=~wheel}
    > gone 2-9
      ? Then {gone} of the cars drive away. >> How many wheels are left?
      gone_wheels = gone * 4: these cars have {=~wheel}
      left = wheels - gone_wheels: there {=^is/are} {=~wheel} left
      > part 2-6
        ? {1/part} of the wheels that are left have to be repaired. >> How many of the wheels do not have to
          be repaired?
        broken = left / part: {=~wheel} {=^has/have} to be repaired
        fine = left - broken: {=~wheel} {=^does/do} not
    > minutes 2-6
      ? Cleaning one wheel takes {minutes} minutes. >> How many hours does it take to clean all of the
        wheels?
      cleaning = wheels * minutes: cleaning takes {=~minute}
      hours = cleaning / 60: that is {=~hour}
    """,
)
TOTALS = (COLLECTION, PICKING, LEGS, LIBRARY, FUNDRAISER, GARDEN, BASKETBALL, WHEELS)
