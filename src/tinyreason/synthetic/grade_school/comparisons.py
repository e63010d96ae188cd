"""Comparisons: so many more, fewer, times as many, and what follows from a total."""

from tinyreason.synthetic.grade_school.templates import template

CHAIN = template(
    "compare/chain",
    """
    start 4-40; more 3-30; times 2-5
    ? {A} has {start} {collectibles}. {B} has {more} more than {A}, and {C} has {times*} as many as {B}. >>
      How many {collectibles} do the three have [together|in all]?
    ? {B} has {more} more {collectibles} than {A}, who has {start}. {C} owns {times*} as many as {B}. >> How
      many {collectibles} do {A}, {B} and {C} own together?
    ? {C} collected {times*} as many {collectibles} as {B}. {B} collected {more} more than {A}, and {A}
      collected {start}. >> How many {collectibles} did they collect altogether?
    ! 7-14: {C} is {noise} years old.
    second = start + more: {B} has {=~collectible}
    third = second * times: {C} has {=~collectible}
    sum_of_three = start + second + third: together they have {=~collectible}
    > fewer 3-30
      ? {D} has {fewer} fewer {collectibles} than {C}. >> How many {collectibles} do all four have together?
      fourth = third - fewer: {D} has {=~collectible}
      sum_of_four = sum_of_three + fourth: with {D}, they have {=~collectible}
      >
        ? >> How many {collectibles} does each of the four get if they share them all equally?
        equal = sum_of_four / 4: each of them gets {=~collectible}
      > album 5-24
        ? They put all of them into boxes of {album}. >> How many boxes do they fill?
        boxes = sum_of_four / album: they fill {=~box}
    >
      ? >> How many {collectibles} does each of them get if they share all of them equally?
      share = sum_of_three / 3: each of them gets {=~collectible}
    >
      ? >> How many more {collectibles} does {C} have than {A}?
      difference = third - start: {C} has {=~collectible} more than {A}
    """,
)
HALF = template(
    "compare/part_as_many",
    """
    start 12-120; part 2-5; fewer 2-20
    ? {A} picked {start} {fruits}. {B} picked {1/part} as many as {A}, and {C} picked {fewer} fewer than {B}.
      >> How many {fruits} did the three pick together?
    ? In the garden, {A} picked {start} {fruits}, while {B} picked only {1/part} of that number. {C} picked
      {fewer} fewer {fruits} than {B}. >> How many {fruits} did they pick in all?
    ? {C} picked {fewer} fewer {fruits} than {B}, who picked {1/part} as many as {A}. {A} picked {start}
      {fruits}. >> How many {fruits} did {A}, {B} and {C} pick altogether?
    ! 2-5: They stayed in the garden for {noise} hours.
    second = start / part: {B} picked {=~fruit}
    third = second - fewer: {C} picked {=~fruit}
    sum_of_three = start + second + third: together they picked {=~fruit}
    > eaten 2-30
      ? They ate {eaten} {fruits} and gave the rest to a neighbor. >> How many {fruits} did the neighbor get?
      rest = sum_of_three - eaten: the neighbor got {=~fruit}
      > jars 3-12
        ? For a jar of jam, the neighbor needed {jars} {fruits}. >> How many jars of jam could the neighbor
          make from all of them?
        jam = rest / jars: that was enough for {=~jar}
        > jar_price 3-9
          ? Each jar was sold for {$jar_price}. >> How much money did the jars bring in?
          income = jam * jar_price: the jars brought in {=~dollar}
    > basket 3-12
      ? They put all of the {fruits} into baskets of {basket}. >> How many baskets did they fill?
      baskets = sum_of_three / basket: they filled {=~basket}
      > basket_price 4-15
        ? Each basket was sold for {$basket_price}. >> How much money did they get?
        basket_income = baskets * basket_price: they got {=~dollar}
    """,
)
FEWER_THAN_TIMES = template(
    "compare/fewer_than_times",
    """
    start 6-60; times 2-5; fewer 2-25; extra 3-40
    ? {A} read {start} pages on {weekday1}. On {weekday2}, {he} read {fewer} pages fewer than {times*} as
      many, and on {weekday3} {extra} pages more than on {weekday2}. >> How many pages did {A} read on the
      three days?
    ? On {weekday1}, {A} read {start} pages of a book. {weekday2} brought {times*} as many pages less
      {fewer}, and on {weekday3} {he} read {extra} pages more than on {weekday2}. >> How many pages was that
      in all?
    ? {A} read {extra} pages more on {weekday3} than on {weekday2}. On {weekday2}, {he} read {fewer} pages
      fewer than {times*} the number of {weekday1}, when {he} read {start} pages. >> How many pages did {A}
      read altogether on these days?
    ! 2-9: The book is {noise} years old.
    multiple = start * times: {times*} as many as on {weekday1} is {=~page}
    second = multiple - fewer: on {weekday2}, {A} read {=~page}
    third = second + extra: on {weekday3}, {A} read {=~page}
    pages = start + second + third: in all, {A} read {=~page}
    > book_pages 200-900/10
      ? The book has {book_pages} pages. >> How many pages are left?
      left = book_pages - pages: there {=^is/are} {=~page} left
      > days 2-9
        ? {A} wants to read the rest in {days~day}, the same number of pages every day. >> How many pages a
          day is that?
        per_day = left / days: that is {=~page} a day
    >
      ? >> How many pages a day was that on average?
      mean = pages / 3: on average, it was {=~page} a day
    """,
)
BOXES = template(
    "compare/boxes",
    """
    first_boxes 3-12; first_size 6-24; second_boxes 3-12; second_size 4-20; first_size != second_size
    ? {A} has {first_boxes} boxes with {first_size} {collectibles} in each. {B} has {second_boxes} boxes with
      {second_size} {collectibles} in each. >> How many more {collectibles} than {B} does {A} have?
    ? There are {first_size} {collectibles} in each of {A}'s {first_boxes} boxes and {second_size} in each of
      {B}'s {second_boxes} boxes. >> How many more {collectibles} does {A} have than {B}?
    ? {B} keeps {B.his} {collectibles} in {second_boxes} boxes of {second_size}, and {A} has {first_boxes}
      boxes of {first_size}. >> By how many {collectibles} is {A}'s collection larger than {B}'s?
    ! 2-20: {B} has collected {collectibles} for {noise} months.
    first = first_boxes * first_size: {A} has {=~collectible}
    second = second_boxes * second_size: {B} has {=~collectible}
    difference = first - second: {A} has {=~collectible} more
    > gift 2-30
      ? Then {C} gives {gift} {collectibles} to {B}. >> How many more {collectibles} than {B} does {A} have
        then?
      second_now = second + gift: {B} now has {=~collectible}
      difference_now = first - second_now: {A} then has {=~collectible} more
    >
      ? >> How many {collectibles} must {A} give to {B} so that both have the same number?
      half = difference / 2: {A} must give {B} half of the difference, which is {=~collectible}
      >
        ? >> How many {collectibles} does each of them have after {A} has given {B} some so that both have
          the same number?
        both = second + half: after that, each of them has {=~collectible}
    > third_part 2-4
      ? {C} has {1/third_part} as many {collectibles} as {A} and {B} together. >> How many {collectibles}
        does {C} have?
      sum_of_two = first + second: {A} and {B} have {=~collectible} together
      third = sum_of_two / third_part: {C} has {=~collectible}
      >
        ? >> How many {collectibles} do {A}, {B} and {C} have in all?
        sum_of_three = sum_of_two + third: in all, they have {=~collectible}
    """,
)
TIMES_AND_TOTAL = template(
    "compare/times_and_total",
    """
    ~small 3-60; times 2-7; total = small * (times + 1)
    ? {A} and {B} have {total} {collectibles} together. {B} has {times*} as many as {A}. >> How many
      {collectibles} does {B} have?
    ? Together, {A} and {B} own {total} {collectibles}, and {B}'s number is {times*} {A}'s number. >> How
      many of the {collectibles} are {B}'s?
    ? {total} {collectibles} belong to {A} and {B}. For each {collectible} of {A}'s, {B} has {times}. >> How
      many {collectibles} does {B} have?
    ! 7-15: {B} is {noise} years old.
    shares = times + 1: together they have {=} times as many as {A}
    small = total / shares: {A} has {=~collectible}
    large = small * times: {B} has {=~collectible}
    >
      ? >> How many more {collectibles} does {B} have than {A}?
      difference = large - small: {B} has {=~collectible} more
    > given 2-20
      ? Then {B} gives {given} of {B.his} {collectibles} to {A}. >> How many more {collectibles} than {A}
        does {B} have then?
      small_now = small + given: after that, {A} has {=~collectible}
      large_now = large - given: after that, {B} has {=~collectible}
      difference_now = large_now - small_now: {B} has {=~collectible} more
    > value 2-9
      ? {B} sells all of {B.his} {collectibles} for {$value} each. >> How much money does {B} get?
      income = large * value: {B} gets {=~dollar}
      > spent 5-80
        ? {B} spends {$spent} of this money. >> How much money does {B} have left of it?
        money_left = income - spent: {B} has {=~dollar} left
    """,
)
HEIGHTS = template(
    "compare/heights",
    """
    tower 30-120; taller 10-80; part 2-4; mast 3-30
    ? A tower in {town} is {tower} meters high. The hotel is {taller} meters higher than the tower, and the
      school is {1/part} as high as the hotel. On its roof, the school has a mast of {mast} meters. >> How
      many meters above the ground is the top of the mast?
    ? In {town}, the hotel is {taller} meters higher than the tower, whose height is {tower} meters. The
      school has {1/part} of the height of the hotel and carries a mast of {mast} meters on its roof. >> How
      high, in meters, is the school with its mast?
    ? The school of {town} is {1/part} as high as the hotel, and the hotel is {taller} meters higher than the
      tower, which measures {tower} meters. On top of the school stands a mast of {mast} meters. >> How many
      meters is it from the ground to the top of the mast?
    ! 2-30: The hotel was built {noise} years ago.
    hotel = tower + taller: the hotel is {=~meter} high
    school = hotel / part: the school is {=~meter} high
    top = school + mast: the top of the mast is {=~meter} high
    >
      ? >> How many meters higher is the hotel than the top of the mast?
      difference = hotel - top: the hotel is {=~meter} higher
    > steps 2-6
      ? Stairs lead to the top, with {steps} steps for every meter. >> How many steps is it from the ground
        to the top of the mast?
      all_steps = top * steps: that is {=~step}
    """,
)
PARKING = template(
    "compare/parking",
    """
    cars 20-120; times 2-4; fewer 5-40; leaving 5-50
    ? There are {cars} cars in the first parking lot. The second one holds {times*} as many, and the third
      holds {fewer} fewer than the second. At noon, {leaving} cars leave the third. >> How many cars are in
      the three lots after that?
    ? The first parking lot at the {outing} has {cars} cars in it, the second {times*} as many, and the third
      {fewer} fewer than the second. Then {leaving} cars drive away from the third lot. >> How many cars are
      left in the three lots together?
    ? In the second parking lot there are {times*} as many cars as in the first, where there are {cars}. In
      the third, there are {fewer} fewer than in the second, and {leaving} of those in the third are just
      driving away. >> How many cars will be in the three lots then?
    ! 2-8: An hour of parking costs {noise} dollars.
    second = cars * times: there {=^is/are} {=~car} in the second lot
    third = second - fewer: there {=^is/are} {=~car} in the third lot
    third_now = third - leaving: after some have left, {=~car} {=^is/are} in the third
    in_all = cars + second + third_now: in all, there {=^is/are} {=~car}
    > arriving 5-60
      ? In the afternoon, {arriving} more cars arrive. >> How many cars are in the three lots then?
      with_arrivals = in_all + arriving: with those that arrive, there {=^is/are} {=~car}
      > seats 2-5
        ? In every car {seats} people have come. >> How many people have come in the cars that are in the
          lots in the afternoon?
        people = with_arrivals * seats: {=~person/people} {=^has/have} come
    > fee 2-6
      ? Each car that is left pays {$fee}. >> How much do they pay together?
      fees = in_all * fee: they pay {=~dollar}
    """,
)
GAMES = template(
    "compare/games",
    """
    first 5-40; times 2-4; fewer 2-20; rounds 2-5
    ? In each of {rounds} rounds of a game, {A} got {first} points, and {B} got {times*} as many as {A} less
      {fewer}. >> How many points did {B} get in the {rounds} rounds?
    ? {A} and {B} play {rounds} rounds. {A} gets {first} points in every round. {B} always gets {fewer}
      points less than {times*} {A}'s points. >> How many points does {B} have in the end?
    ? Every round of a game brings {A} {first} points. {B}'s points are always {times*} as many, minus
      {fewer}. They play {rounds} rounds. >> How many points does {B} get in all?
    ! 10-40: A round takes {noise} minutes.
    multiple = first * times: {times*} {A}'s points is {=~point}
    second = multiple - fewer: {B} gets {=~point} in a round
    second_all = second * rounds: in all the rounds, {B} gets {=~point}
    >
      ? >> How many points do {A} and {B} get together in these rounds?
      first_all = first * rounds: {A} gets {=~point} in all the rounds
      both = first_all + second_all: together they get {=~point}
      > prize 5|10|20
        ? For every {prize} points that they have together, they get a ticket. >> How many tickets do they
          get?
        tickets = both / prize: they get {=~ticket}
    > penalty 2-30
      ? Then {B} loses {penalty} points. >> How many points does {B} have left?
      after_penalty = second_all - penalty: {B} has {=~point} left
      > part 2-5
        ? {C} has {1/part} as many points as {B} has now. >> How many points does {C} have?
        third = after_penalty / part: {C} has {=~point}
    """,
)
COMPARISONS = (CHAIN, HALF, FEWER_THAN_TIMES, BOXES, TIMES_AND_TOTAL, HEIGHTS, PARKING, GAMES)
