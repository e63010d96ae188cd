"""Sharing, grouping, and what is left over."""

from tinyreason.synthetic.grade_school.continuations import PAYING
from tinyreason.synthetic.grade_school.templates import template

LEFTOVER = template(
    "share/leftover",
    """
    packs 2-8; pack_size 8-30; eaten 2-15; children 3-9
    ? {A} bought {packs} packs of {pack_size} {bakeds} each. {his} family ate {eaten} of them, and the rest
      were shared among {children} children, as many for each as possible and the same number for all. >> How
      many {bakeds} were left over?
    ? There were {pack_size} {bakeds} in each of the {packs} packs that {A} brought to school. After {eaten}
      of them had been eaten, {children} children shared the others so that each got the same number and as
      many as possible. >> How many {bakeds} were left over?
    ? {A} had {packs} boxes with {pack_size} {bakeds} in each. {he} ate {eaten} and divided as many of the
      others as possible equally among {children} children. >> How many {bakeds} remained after that?
    ! 5-40: It was {noise} minutes before noon.
    all_pieces = packs * pack_size: there {=^was/were} {=~baked}
    rest = all_pieces - eaten: after some had been eaten, there {=^was/were} {=~baked}
    each = rest // children
    shared = each * children: each child got {each}, which took {=~baked}
    left = rest - shared: there {=^was/were} {=~baked} left over
    > plate 3-12
      ? The ones left over were put on a plate with {plate} others. >> How many {bakeds} were on the plate?
      on_plate = left + plate: on the plate, there {=^was/were} {=~baked}
    """,
)
BUSES = template(
    "share/buses",
    """
    classes 3-9; per_class 18-32; adults 4-20; seats 20-60/2
    ? {classes} classes of {per_class} students each go on a trip with {adults} adults. Each bus has {seats}
      seats for them. >> How many buses are needed?
    ? A school takes {classes} classes to the {outing}. There are {per_class} students in every class, and
      {adults} adults go with them. A bus has room for {seats} people. >> What is the smallest number of
      buses that is enough?
    ? For a trip to the {outing}, {classes} classes with {per_class} students each and {adults} adults have
      to be seated in buses with {seats} seats. >> How many buses must the school order?
    ! 20-90: The way there takes {noise} minutes.
    students = classes * per_class: there {=^is/are} {=~student}
    people = students + adults: together with the adults, there {=^is/are} {=~person/people}
    standing = people % seats
    seated = people - standing: {people} people in groups of {seats} leave {standing} over, and the full
      buses take {=~person/people}
    full = seated / seats: that fills {=~bus}
    buses = full + 1: with one more bus for the rest, it takes {=~bus}
    > bus_price 100-400/20
      ? Each bus costs {$bus_price}. >> How much do the buses cost?
      cost = buses * bus_price: the buses cost {=~dollar}
      > sponsor 50-500/50
        ? The town pays {$sponsor} of the whole cost. >> How much does the school have to pay?
        school_pays = cost - sponsor: the school pays {=~dollar}
    >
      ? >> If the buses are filled one after another, how many seats stay empty in the last one?
      in_last = people - seated: in the last bus, there {=^is/are} {=~person/people}
      empty = seats - in_last: in it, {=~seat/seats} {=^stays/stay} empty
    """,
)
ROWS = template(
    "share/rows",
    """
    rows 4-20; chairs 6-24; groups 2-12
    ? In a hall, there are {rows} rows of {chairs} chairs each. For a party, all of these chairs are put
      around tables with {groups} chairs at each. >> How many tables are needed?
    ? {A} takes the chairs out of a hall, {rows} rows with {chairs} chairs in each, and places {groups} of
      them at every table. >> How many tables can {A} set up with all these chairs?
    ? {rows} rows of {chairs} chairs stood in a hall. Then the chairs were all placed at tables, {groups}
      chairs at a table. >> How many tables were there?
    ! 8-30: The hall is {noise} feet high.
    all_chairs = rows * chairs: there {=^is/are} {=~chair}
    tables = all_chairs / groups: that is enough for {=~table}
    > lamps 2-4
      ? There are {lamps} lamps on each table. >> How many lamps are there on the tables?
      all_lamps = tables * lamps: there {=^is/are} {=~lamp}
      > broken_part 2-6
        ? {1/broken_part} of the lamps do not work. >> How many of the lamps work?
        broken = all_lamps / broken_part: {=~lamp} {=^does/do} not work
        working = all_lamps - broken: {=~lamp} {=^works/work}
    > guests 10-90
      ? {guests} guests come, and each takes one chair. >> How many chairs stay empty?
      empty = all_chairs - guests: {=~chair} {=^stays/stay} empty
      > carts 2-12
        ? The empty chairs are taken away on carts of {carts}. >> How many carts are filled?
        filled = empty / carts: {=~cart} {=^is/are} filled
    > plates 2-3; per_box 12-40/2
      ? Every chair gets {plates} plates, which come in boxes of {per_box}. >> How many boxes of plates are
        needed?
      all_plates = all_chairs * plates: {=~plate} {=^is/are} needed
      plate_boxes = all_plates / per_box: they come in {=~box}
    """,
)
PARTY_BAGS = template(
    "share/party_bags",
    """
    bags 6-24; balloons 2-6; balloon_pack 10|12|15|20; pack_price 2-6
    ? {A} filled {bags} party bags and put {balloons} balloons into each. Balloons came in packs of
      {balloon_pack}, and a pack cost {$pack_price}. {A} used up all packs that {he} bought. >> How much did
      {A} pay for the balloons?
    ? For {his} party, {A} wanted {balloons} balloons in each of {bags} bags. {he} bought exactly as many
      balloons as needed, in packs of {balloon_pack} for {$pack_price} each. >> How much did the balloons
      cost?
    ? Each of the {bags} bags for {A}'s guests got {balloons} balloons. A pack of {balloon_pack} balloons
      cost {$pack_price}, and no balloons were left over. >> How much did {A} spend on balloons?
    ! 3-12: {A} has planned {noise} games for the party.
    all_balloons = bags * balloons: {A} needed {=~balloon}
    packs = all_balloons / balloon_pack: that took {=~pack}
    balloon_cost = packs * pack_price: the balloons cost {=~dollar}
    + cake 10-40
      ? {A} also bought a cake for {$cake}. >> How much did {A} pay in all?
      with_cake = it + cake: with the cake, it was {=~dollar}
    + pencils 2-4; pencil_price 1-3
      ? Into each bag, {A} also put {pencils} pencils, which cost {$pencil_price} each. >> How much did {A}
        pay in all?
      all_pencils = bags * pencils: {A} needed {=~pencil}
      pencil_cost = all_pencils * pencil_price: the pencils cost {=~dollar}
      with_pencils = it + pencil_cost: with the pencils, it was {=~dollar}
    """,
    ends=PAYING[:2],
)
TEAMS = template(
    "share/teams",
    """
    ~teams 3-16; girls 12-80; team_size 4-12; absent 2-9; boys = teams * team_size + absent - girls; 5 < boys
    ? {girls} girls and {boys} boys have signed up for a tournament. {absent} of them are ill, and the others
      form teams of {team_size}. >> How many teams are there?
    ? For a tournament, {girls} girls and {boys} boys want to form teams of {team_size}. On the day, {absent}
      of these children are missing. >> How many teams can be formed without them?
    ? A group consists of {girls} girls and {boys} boys. {absent} of them only watch, and all the others play
      in teams of {team_size}. >> How many teams do they form?
    ! 2-6: The tournament lasts {noise} hours.
    signed_up = girls + boys: there {=^is/are} {=~child/children}
    playing = signed_up - absent: of these, {=~child/children} {=^plays/play}
    teams = playing / team_size: they form {=~team/teams}
    > shirt 6-15
      ? Every child who plays gets a shirt for {$shirt}. >> How much do the shirts cost?
      shirts = playing * shirt: the shirts cost {=~dollar}
      > donated 20-200/10
        ? Parents give {$donated} for the shirts. >> How much of the cost is left?
        shirts_rest = shirts - donated: {=~dollar} of the cost are left
    > medals 2-5
      ? At the end, the best {medals} teams get a medal for each of their players. >> How many players do not
        get a medal?
      medal_players = medals * team_size: {=~player} {=^gets/get} a medal
      without_medal = playing - medal_players: {=~player} {=^does/do} not get one
    > balls 2-4; ball_price 6-20
      ? Each team needs {balls} balls, which cost {$ball_price} each. >> How much do the balls cost?
      all_balls = teams * balls: the teams need {=~ball}
      ball_cost = all_balls * ball_price: the balls cost {=~dollar}
    """,
)
CARDS = template(
    "share/cards",
    """
    decks 2-6; deck_size 32|36|40|52; players 3-8; cards 4-12; 2 < left
    ? For a game, {A} mixes {decks} decks of {deck_size} cards each and deals {cards} cards to each of the
      {players} players. >> How many cards are left in the pile?
    ? {players} people play a game with {decks} decks of cards. A deck has {deck_size} cards, and each player
      gets {cards} cards. >> How many cards are not dealt?
    ? {A} shuffles {decks} decks with {deck_size} cards each. Then {players} players get {cards} cards each.
      >> How many cards stay in the pile?
    ! 5-40: The last game took {noise} minutes.
    all_cards = decks * deck_size: there {=^is/are} {=~card}
    dealt = players * cards: the players get {=~card}
    left = all_cards - dealt: there {=^is/are} {=~card} left in the pile
    + turned 2-9
      ? Then {turned} cards of the pile are turned over and laid aside. >> How many cards are left in the
        pile?
      after_turning = it - turned: without these, there {=^is/are} {=~card} in the pile
    + drawn 2-3; drawing 2-3
      ? In the first turn, {drawing} of the players draw {drawn} cards each from the pile. >> How many cards
        are left in the pile?
      drawn_cards = drawing * drawn: they draw {=~card}
      after_drawing = it - drawn_cards: after that, there {=^is/are} {=~card} in the pile
    > piles 2-9
      ? {A} divides the pile into {piles} equal piles. >> How many cards are in each of these piles?
      per_pile = it / piles: in each of them, there {=^is/are} {=~card}
    """,
)
CRATES = template(
    "share/crates",
    """
    crates 3-15; per_crate 12-60/2; broken 2-20; per_carton 6|10|12|15|18|20
    ? A farmer brings {crates} crates of {per_crate} eggs to the market. {broken} eggs are broken. The others
      are put into cartons of {per_carton}, and what does not fill a carton is kept. >> How many cartons are
      filled?
    ? There are {per_crate} eggs in each of {crates} crates, but {broken} of the eggs are broken. {A} fills
      as many cartons of {per_carton} as possible with the good ones. >> How many cartons does {A} fill?
    ? {A} has {crates} crates with {per_crate} eggs each. {he} sorts out {broken} broken ones and packs the
      rest into cartons for {per_carton} eggs. >> How many full cartons does {A} get?
    ! 10-80: The farm is {noise} miles from the market.
    eggs = crates * per_crate: there {=^is/are} {=~egg}
    good = eggs - broken: {=~egg} {=^is/are} good
    over = good % per_carton
    packed = good - over: {good} eggs in groups of {per_carton} leave {over} over, and {=~egg} {=^is/are}
      packed
    cartons = packed / per_carton: they fill {=~carton}
    > carton_price 2-9
      ? A full carton is sold for {$carton_price}. >> How much do the full cartons bring in?
      income = cartons * carton_price: they bring in {=~dollar}
      > stand 5-40
        ? The stand at the market costs {$stand}. >> How much of the income is left?
        left = income - stand: after paying for the stand, there {=^is/are} {=~dollar} left
    > given 2-8
      ? {given} of the full cartons go to a school. >> How many full cartons are left?
      left_cartons = cartons - given: there {=^is/are} {=~carton} left
    """,
)
SHARING = (LEFTOVER, BUSES, ROWS, PARTY_BAGS, TEAMS, CARDS, CRATES)
