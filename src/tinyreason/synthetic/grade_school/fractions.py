"""Fractions of numbers of things, of money, of ways and of tanks."""

from tinyreason.synthetic.grade_school.continuations import MONEY_CHANGES, things_ends
from tinyreason.synthetic.grade_school.templates import template

GIVING = template(
    "fractions/giving",
    """
    start 24-240/2; first 2-6; second 2-5; left < 100
    ? {A} had {start} {collectibles}. {he} gave {1/first} of them to {B}. Then {he} gave {1/second} of the
      remaining {collectibles} to {C}. >> How many {collectibles} does {A} have left?
    ? Of {his} {start} {collectibles}, {A} first gave {1/first} to {B} and then {1/second} of the rest to
      {C}. >> How many {collectibles} did {A} keep?
    ? {B} got {1/first} of {A}'s {start} {collectibles}. Of what was left, {C} got {1/second}. >> How many
      {collectibles} are left for {A}?
    ! 2-9: {B} has {noise} brothers and sisters.
    for_first = start / first: {B} got {=~collectible}
    rest = start - for_first: after that, {A} had {=~collectible}
    for_second = rest / second: {C} got {=~collectible}
    left = rest - for_second: {A} had {=~collectible} left
    + found 3-30
      ? Later, {A} found {found} more {collectibles}. >> How many {collectibles} does {A} have now?
      after_finding = it + found: with those that {he} found, {A} had {=~collectible}
    """,
    ends=things_ends("collectible", "2-6"),
)
CLASSES = template(
    "fractions/school",
    """
    pupils 40-400/4; top 2-7; bottom 3|4|5|8|10; top < bottom; gcd(top, bottom) < 2; share 2-6
    ? A school has {pupils} students. {top/bottom} of them are girls, and {1/share} of the girls play
      {sport}. >> How many girls of this school play {sport}?
    ? Of the {pupils} students at {A}'s school, {top/bottom} are girls. {1/share} of these girls play
      {sport}. >> How many girls play {sport} there?
    ? There are {pupils} students in a school, and {top/bottom} of them are girls. The {sport} teams have
      {1/share} of the girls. >> How many girls are in the {sport} teams?
    ! 12-60: The school has {noise} teachers.
    one_part = pupils / bottom: {1/bottom} of the students is {=~student}
    girls = one_part * top: there {=^is/are} {=~girl}
    players = girls / share: {=~girl} {=^plays/play} {sport}
    > boy_players 5-60
      ? Besides the girls, {boy_players} boys of the school play {sport}. >> How many students play {sport}
        there?
      all_players = players + boy_players: with the boys, there {=^is/are} {=~student}
      > team_size 5-11
        ? All who play {sport} are divided into teams of {team_size}. >> How many teams are there?
        teams = all_players / team_size: there {=^is/are} {=~team}
        > team_balls 2-5
          ? Every team gets {team_balls} new balls. >> How many balls are needed?
          balls = teams * team_balls: that takes {=~ball}
    >
      ? >> How many more girls do not play {sport} than play it?
      others = girls - players: {=~girl} {=^does/do} not play {sport}
      more = others - players: that is {=~girl} more
    > part 2-6
      ? {1/part} of the boys play {sport}, too. >> How many students play {sport} in all?
      boys = pupils - girls: there {=^is/are} {=~boy}
      boys_playing = boys / part: {=~boy} {=^plays/play} {sport}
      both = players + boys_playing: in all, {=~student} {=^plays/play} {sport}
    """,
)
JOURNEY = template(
    "fractions/journey",
    """
    miles 120-960/12; first 2-5; second 3-8; first != second; rest < 400
    ? {A} is driving to {town}, which is {miles} miles away. {he} drove {1/first} of the way before lunch and
      {1/second} of the way after lunch. >> How many miles are still left?
    ? On a trip of {miles} miles, {A} covered {1/first} of the whole distance on the first day and {1/second}
      of the whole distance on the second. >> How many miles were left for the third day?
    ? The way to {town} is {miles} miles long. {A} has done {1/first} of the whole way by train and
      {1/second} of the whole way by bus. >> How many miles of it remain?
    ! 10-60: {A} rested for {noise} minutes on the way.
    first_miles = miles / first: the first part was {=~mile}
    second_miles = miles / second: the second part was {=~mile}
    done = first_miles + second_miles: together, that is {=~mile}
    rest = miles - done: there {=^is/are} {=~mile} left
    > speed 20-70/5
      ? {A} goes on at {speed} miles per hour. >> How many hours does the rest take?
      hours = rest / speed: the rest takes {=~hour}
      > pause 10-50/5
        ? On this last part, {A} also stops for {pause} minutes. >> How many minutes does the last part take
          with the stop?
        minutes = hours * 60: driving takes {=~minute}
        with_pause = minutes + pause: with the stop, it is {=~minute}
    > gas 20-40/5
      ? For the rest, {A} takes a car that needs a gallon of gas for {gas} miles. >> How many gallons of gas
        are needed?
      gallons = rest / gas: that takes {=~gallon}
      > gas_price 3-6
        ? A gallon costs {$gas_price}. >> How much does the gas cost?
        gas_cost = gallons * gas_price: the gas costs {=~dollar}
    """,
)
TANK_LEVEL = template(
    "fractions/tank",
    """
    capacity 24-480/4; top 2-7; bottom 3|4|5|6|8; top < bottom; gcd(top, bottom) < 2; daily 3-30; days 2-6
    ? A {basin} holds {capacity} gallons of water when it is full. Now it is {top/bottom} full. Each day,
      {daily} gallons are used. >> How many gallons are left after {days~day}?
    ? A {basin} with room for {capacity} gallons is {top/bottom} full of water. {A} takes {daily} gallons
      from it every day, and {he} has done so for {days~day}. >> How many gallons of water are left?
    ? {A} filled a {basin} of {capacity} gallons until it was {top/bottom} full. On each of the next
      {days~day}, {he} took out {daily} gallons. >> How many gallons were in it then?
    ! 2-30: The {basin} was built {noise} years ago.
    one_part = capacity / bottom: {1/bottom} of {capacity} gallons is {=~gallon}
    level = one_part * top: at first there {=^was/were} {=~gallon} in it
    used = daily * days: in {days~day}, {=~gallon} {=^was/were} used
    left = level - used: that leaves {=~gallon}
    > rain 4-40
      ? Then rain brought {rain} gallons. >> How many gallons were in the {basin} after the rain?
      after_rain = left + rain: with the rain, there {=^was/were} {=~gallon}
      >
        ? >> How many gallons were missing until the {basin} was full?
        missing = capacity - after_rain: {=~gallon} {=^was/were} missing
        > pump 3-20
          ? A pump then filled it up with {pump} gallons a minute. >> How many minutes did that take?
          pumping = missing / pump: it took {=~minute}
    """,
)
ORCHARD = template(
    "fractions/orchard",
    """
    trees 36-360/6; first 2-5; second 2-5; crates 2-8
    ? There are {trees} trees in {A}'s orchard. {1/first} of them are apple trees. Of the other trees,
      {1/second} are pear trees, and the rest are cherry trees. Each cherry tree gives {crates} crates of
      cherries. >> How many crates of cherries does {A} get?
    ? Of the {trees} trees on a farm, {1/first} are apple trees and {1/second} of the remaining trees are
      pear trees. All the others are cherry trees, which give {crates} crates of cherries each. >> How many
      crates of cherries is that?
    ? {A} has an orchard of {trees} trees: {1/first} are apple trees, {1/second} of the others are pear
      trees, and the rest are cherry trees. This year, {he} filled {crates} crates from every cherry tree. >>
      How many crates of cherries did {A} fill?
    ! 8-40: An apple tree there is about {noise} years old.
    apple_trees = trees / first: there {=^is/are} {=~apple tree}
    others = trees - apple_trees: there {=^is/are} {=~other tree}
    pear_trees = others / second: there {=^is/are} {=~pear tree/pear trees}
    cherry_trees = others - pear_trees: there {=^is/are} {=~cherry tree}
    all_crates = cherry_trees * crates: they give {=~crate}
    > crate_price 8-30
      ? Each crate is sold for {$crate_price}. >> How much money do the cherries bring in?
      income = all_crates * crate_price: the cherries bring in {=~dollar}
      > picker 100-900/50
        ? The pickers are paid {$picker} altogether. >> How much of this money is left?
        after_pay = income - picker: after paying the pickers, there {=^is/are} {=~dollar} left
    > kept 2-30
      ? {kept} crates are kept for jam, and the others are sold. >> How many crates of cherries are sold?
      sold = all_crates - kept: {=~crate} {=^is/are} sold
    """,
)
SPENDING_PARTS = template(
    "fractions/money_parts",
    """
    money 180-600/6; first 2-6; second 3-8; first != second
    ? {A} had {$money}. {he} spent {1/first} of it on {a gadget} and {1/second} of it on presents. >> How
      much money did {A} have left?
    ? Of {his} savings of {$money}, {A} spent {1/first} on {a gadget} and {1/second} on presents. >> How much
      of the money is left?
    ? With {$money} in {his} purse, {A} went to the city. {1/first} of the money went into {a gadget} and
      {1/second} of the {$money} into presents. >> How much money was left?
    ! 2-12: {A} visited {noise} stores on that day.
    first_cost = money / first: the {gadget} cost {=~dollar}
    second_cost = money / second: the presents cost {=~dollar}
    left = money - first_cost - second_cost: {A} had {=~dollar} left
    """,
    changes=MONEY_CHANGES,
)
PIZZAS = template(
    "fractions/slices",
    """
    pizzas 3-20; slices 6|8|10|12; top 2-7; bottom 3|4|5|6|8; top < bottom; gcd(top, bottom) < 2
    ? {A} ordered {pizzas} pizzas for {his} party and cut each into {slices} slices. The guests ate
      {top/bottom} of all slices. >> How many slices were left?
    ? At a party, {pizzas} pizzas were cut into {slices} slices each. In the evening, {top/bottom} of the
      slices had been eaten. >> How many slices were left?
    ? {pizzas} pizzas with {slices} slices each were on the table at {A}'s party. {top/bottom} of the slices
      were eaten. >> How many slices remained?
    ! 5-30: {noise} songs were played at the party.
    all_slices = pizzas * slices: there {=^was/were} {=~slice}
    one_part = all_slices / bottom: {1/bottom} of them is {=~slice}
    eaten = one_part * top: {=~slice} {=^was/were} eaten
    left = all_slices - eaten: there {=^was/were} {=~slice} left
    > guests 2-9
      ? The {guests} guests who stayed until the end shared the slices that were left equally. >> How many
        slices did each of them get?
      each = left / guests: each of them got {=~slice}
    > taken 2-8
      ? {A}'s {relative} then ate {taken} of the remaining slices. >> How many slices were left for the next
        day?
      after_taken = left - taken: without these, there {=^was/were} {=~slice} left
      > days 2-4
        ? The rest lasted for {days~day}, with the same number every day. >> How many slices were eaten on
          each of these days?
        per_day = after_taken / days: on each day, {=~slice} {=^was/were} eaten
    """,
)
FRACTIONS = (GIVING, CLASSES, JOURNEY, TANK_LEVEL, ORCHARD, SPENDING_PARTS, PIZZAS)
