"""Measures: feet and inches, kilograms and grams, liters, dozens, miles, hours."""

from tinyreason.synthetic.grade_school.templates import template

RIBBON = template(
    "measure/ribbon",
    """
    feet 3-20; inches 2-11; bows 2-12; bow_inches 4-15
    ? {A} has a ribbon that is {feet} feet and {inches} inches long. {he} cuts off {bows} pieces of
      {bow_inches} inches each. >> How many inches of ribbon are left?
    ? From a ribbon of {feet} feet and {inches} inches, {A} cuts {bows} pieces, each {bow_inches} inches
      long. >> How many inches long is the rest of the ribbon?
    ? A rope is {feet} feet and {inches} inches long. {A} needs {bows} pieces of it, {bow_inches} inches
      each. >> How many inches of rope remain after {he} has cut them?
    ! 2-9: {A}'s scissors are {noise} years old.
    in_feet = feet * 12: the {feet} feet are {=~inch}
    length = in_feet + inches: in all, it is {=~inch} long
    cut = bows * bow_inches: the pieces take {=~inch}
    rest = length - cut: {=~inch} {=^is/are} left
    > loops 2-9
      ? The rest is cut into {loops} equal parts. >> How long is each of these parts, in inches?
      part = rest / loops: each part is {=~inch} long
    > new_feet 2-9; sewn 3-20
      ? Then {sewn} inches of the rest get dirty and are thrown away, and {A} buys {new_feet} more feet of
        the same kind. >> How many inches does {A} have then?
      clean = rest - sewn: {=~inch} {=^is/are} clean
      bought = new_feet * 12: the new piece has {=~inch}
      now = clean + bought: with the new piece, {A} has {=~inch}
      >
        ? >> How many feet of it does {A} have then?
        in_all_feet = now / 12: that is {=~foot/feet}
    """,
)
FLOUR = template(
    "measure/flour",
    """
    kilos 2-12; loaves 3-20; grams 150-500/50; spilled 50-500/50
    ? A baker has {kilos} kilograms of flour. {spilled} grams fall on the floor, and the baker bakes {loaves}
      loaves of bread with {grams} grams of flour each. >> How many grams of flour are left?
    ? {A} bought {kilos} kilograms of flour, but spilled {spilled} grams of it. Then {he} baked {loaves}
      loaves of bread, each with {grams} grams of flour. >> How many grams of flour does {A} have left?
    ? There were {kilos} kilograms of flour in {A}'s kitchen. {he} gave {spilled} grams to a neighbor and
      used {grams} grams for each of {loaves} loaves of bread. >> How many grams of flour remained?
    ! 20-90: Each of the loaves needs {noise} minutes in the oven.
    in_grams = kilos * 1000: the flour weighs {=~gram}
    after_spilling = in_grams - spilled: without the {spilled} grams, it is {=~gram}
    in_bread = loaves * grams: the loaves take {=~gram}
    left = after_spilling - in_bread: there {=^is/are} {=~gram} left
    > cookies 150-400/50
      ? For a tray of cookies, {cookies} grams of flour are needed. >> How many trays of cookies can be made
        from the flour that is left?
      trays = left / cookies: that is enough for {=~tray}
      > per_tray 8-24
        ? There are {per_tray} cookies on a tray. >> How many cookies can be made from the flour that is
          left?
        made = trays * per_tray: that makes {=~cookie}
    > bread_price 2-6; costs 4-30
      ? The loaves are sold for {$bread_price} each, and all ingredients cost {$costs}. >> How much money is
        earned with the loaves?
      income = loaves * bread_price: the loaves bring in {=~dollar}
      earned = income - costs: without the cost, it is {=~dollar}
    """,
)
DOZENS = template(
    "measure/dozens",
    """
    dozens 3-20; per_cake 2-5; cakes 2-9; broken 2-11
    ? {A} has bought {dozens} dozen eggs. {broken} of them broke on the way home, and {he} needs {per_cake}
      eggs for each of {cakes} cakes. >> How many eggs will {A} have left?
    ? There are {dozens} dozen eggs at the bakery. {A} drops {broken} eggs and uses {per_cake} eggs for each
      of the {cakes} cakes that {he} bakes. >> How many eggs are left at the bakery?
    ? From {dozens} dozen eggs, {A} takes {per_cake} for every one of {cakes} cakes. {broken} other eggs are
      broken. >> How many good eggs remain?
    ! 20-60: It takes {noise} minutes to bake a cake.
    eggs = dozens * 12: {dozens} dozen is {=~egg}
    for_cakes = per_cake * cakes: the cakes take {=~egg}
    left = eggs - broken - for_cakes: there {=^is/are} {=~egg} left
    > breakfast 2-9
      ? {A} then uses {breakfast} eggs a day for breakfast. >> For how many days will the eggs last?
      days = left / breakfast: they last for {=~day}
    > guests 2-12; each 2-3
      ? {guests} guests eat {each} eggs each. >> How many eggs are left after that?
      eaten = guests * each: the guests eat {=~egg}
      after_guests = left - eaten: there {=^is/are} {=~egg} left
      > omelet 2-6
        ? From the eggs that are left, {A} makes omelets with {omelet} eggs each. >> How many omelets can {A}
          make?
        omelets = after_guests / omelet: {A} can make {=~omelet}
    > cake_price 8-30; egg_price 2-6
      ? {A} sells the cakes for {$cake_price} each. The eggs cost {$egg_price} a dozen. >> How much more than
        the price of the eggs does {A} get for the cakes?
      income = cakes * cake_price: the cakes bring in {=~dollar}
      egg_cost = dozens * egg_price: the eggs cost {=~dollar}
      gain = income - egg_cost: that is {=~dollar} more
    """,
)
JUICE = template(
    "measure/juice",
    """
    liters 2-20; bottle 250|500|750; bottles 2-12; glass 100|125|150|200|250
    ? {A} mixes {liters} liters of orange juice with {bottles} bottles of water of {bottle} milliliters each
      and pours the drink into glasses of {glass} milliliters. >> How many glasses can {A} fill?
    ? For a party, {liters} liters of apple juice and {bottles} bottles of {bottle} milliliters of water are
      poured together. A glass holds {glass} milliliters. >> How many glasses can be filled with the mixture?
    ? A bowl holds {liters} liters of juice. {A} adds {bottles} bottles of lemonade, {bottle} milliliters
      each, and fills glasses of {glass} milliliters from the bowl. >> How many glasses are filled until it
      is empty?
    ! 5-40: {noise} straws lie next to the glasses.
    juice = liters * 1000: {liters} liters are {=~milliliter}
    added = bottles * bottle: the bottles hold {=~milliliter}
    drink = juice + added: in all, there {=^is/are} {=~milliliter}
    glasses = drink / glass: that fills {=~glass}
    > guests 3-20; over < 40
      ? {guests} guests drink two glasses each. >> How many full glasses are left?
      drunk = guests * 2: the guests drink {=~glass}
      over = glasses - drunk: there {=^is/are} {=~glass} left
    > price 1-4; costs 5-30
      ? Each glass is sold for {$price}, and the drinks cost {$costs}. >> How much profit is made?
      income = glasses * price: the glasses bring in {=~dollar}
      gain = income - costs: the profit is {=~dollar}
    """,
)
LAPS = template(
    "measure/laps",
    """
    lap 150-600/50; days 2-6; laps 2-12
    ? A lap around the park is {lap} meters long. {A} runs {laps} laps a day on {days} days of the week. >>
      How many meters does {A} run in a week?
    ? {A} runs around a lake on {days} days a week, {laps} times each day. One time around is {lap} meters.
      >> How many meters does {he} run each week?
    ? On {days} days of every week, {A} runs {laps} laps of {lap} meters. >> What distance does {A} run in a
      week, in meters?
    ! 10-50: There are {noise} benches on the way.
    daily = laps * lap: in a day, {A} runs {=~meter}
    weekly = daily * days: in a week, it is {=~meter}
    > weeks 2-12
      ? >> How many kilometers does {A} run in {weeks~week}?
      ? {A} keeps this up for {weeks~week}. >> How many kilometers does {A} run in this time?
      in_weeks = weekly * weeks: in {weeks~week}, it is {=~meter}
      kilometers = in_weeks / 1000: that is {=~kilometer}
      > goal 20-200/5
        ? {A} wants to run {goal} kilometers in all. >> How many kilometers are still missing?
        missing = goal - kilometers: {=~kilometer} {=^is/are} missing
      > pledge 2-9
        ? For each kilometer, {A}'s {giver} gives {him} {$pledge}. >> How much money does {A} get?
        money = kilometers * pledge: {A} gets {=~dollar}
        > shoes 20-120/5
          ? {A} buys running shoes for {$shoes} from this money. >> How much is left?
          left = money - shoes: there {=^is/are} {=~dollar} left
    > friend_laps 2-6
      ? {B} runs {friend_laps} laps a day on the same days. >> How many more meters than {B} does {A} run in
        a week?
      friend_daily = friend_laps * lap: {B} runs {=~meter} a day
      friend_weekly = friend_daily * days: in a week, {B} runs {=~meter}
      difference = weekly - friend_weekly: {A} runs {=~meter} more
    """,
)
PARCELS = template(
    "measure/parcels",
    """
    pounds 1-5; ounces 2-15; parcels 2-8; box 4-20
    ? An album weighs {pounds~pound} and {ounces} ounces. {A} packs {parcels} such albums into a box that
      weighs {box} ounces. >> How many ounces does the full box weigh?
    ? {A} wants to send {parcels} pots in a box. Each pot weighs {pounds~pound} and {ounces} ounces, and the
      empty box weighs {box} ounces. >> What does everything weigh together, in ounces?
    ? A box of {box} ounces holds {parcels} cans of paint, each with a weight of {pounds~pound} and {ounces}
      ounces. >> What is the weight of the full box in ounces?
    ! 10-40: The box is {noise} inches long.
    from_pounds = pounds * 16: the full pounds are {=~ounce}
    each = from_pounds + ounces: one of them weighs {=~ounce}
    contents = each * parcels: {parcels} of them weigh {=~ounce}
    full = contents + box: with the box, it is {=~ounce}
    > boxes 2-6
      ? There are {boxes} such boxes. >> How many ounces do they weigh together?
      all_boxes = full * boxes: {boxes} boxes weigh {=~ounce}
      >
        ? >> How many pounds do they weigh together?
        in_pounds = all_boxes / 16: that is {=~pound}
    > limit 10-80; more < 400
      ? A box may weigh at most {limit} pounds. >> How many more ounces would be allowed in this box?
      limit_ounces = limit * 16: {limit} pounds are {=~ounce}
      more = limit_ounces - full: {=~ounce} more would be allowed
    """,
)
WEEKS = template(
    "measure/weeks_and_days",
    """
    weeks 2-12; days 2-6; daily 2-15; used 5-60
    ? {A} folded {daily} paper cranes a day for {weeks} weeks and {days} days and gave {used} of them away.
      >> How many paper cranes did {A} keep?
    ? For {weeks} weeks and {days} days, {A} has folded {daily} paper cranes every day. {used} of them did
      not turn out well and were thrown away. >> How many good paper cranes are there?
    ? On every day of the last {weeks} weeks and {days} days, {A} folded {daily} paper cranes. {he} sold
      {used} of them. >> How many paper cranes does {A} have left?
    ! 2-12: {noise} of the days were rainy.
    full_weeks = weeks * 7: {weeks} weeks are {=~day}
    all_days = full_weeks + days: in all, that is {=~day}
    folded = all_days * daily: in this time, {A} folded {=~crane}
    left = folded - used: there {=^is/are} {=~crane} left
    > more_weeks 2-6
      ? {A} goes on for {more_weeks} more weeks and keeps all of the new ones. >> How many paper cranes does
        {A} have in the end?
      more_days = more_weeks * 7: {more_weeks} weeks are {=~day}
      more = more_days * daily: in this time, {A} folds {=~crane}
      now = left + more: in the end, {A} has {=~crane}
      > string 10-50/5
        ? {A} hangs all of them on strings, {string} on each. >> How many strings are needed?
        strings = now / string: {=~string} {=^is/are} needed
    """,
)
SCREEN = template(
    "measure/hours_and_minutes",
    """
    hours 1-4; minutes 5-55/5; days 3-7; less 5-60/5
    ? {A} spent {hours~hour} and {minutes} minutes a day on {his} phone for {days~day}. On each of the next
      {days} days, {he} spent {less} minutes less. >> For how many minutes did {A} use the phone on all these
      days?
    ? On each of the first {days} days at camp, {A} hiked {hours~hour} and {minutes} minutes. On each of the
      next {days} days, it was {less} minutes less. >> How many minutes did {A} hike on all these days?
    ? For {days~day}, {A} trained {hours~hour} and {minutes} minutes a day, and for another {days~day}, {he}
      trained {less} minutes less a day. >> How many minutes did {A} train altogether?
    ! 2-9: {A} has {noise} friends who do the same.
    in_hours = hours * 60: the full hours are {=~minute}
    daily = in_hours + minutes: in the first days, it was {=~minute} a day
    later = daily - less: after that, it was {=~minute} a day
    both = daily + later: an early day and a later day make {=~minute} together
    in_all = both * days: {days} of each make {=~minute}
    >
      ? >> How many hours is that in all?
      all_hours = in_all / 60: that is {=~hour}
      > goal 10-90; missed < 12
        ? {A}'s goal for these days was {goal} hours. >> By how many hours was the goal missed?
        missed = goal - all_hours: {=~hour} {=^was/were} missing
    """,
)
MEASURES = (RIBBON, FLOUR, DOZENS, JUICE, LAPS, PARCELS, WEEKS, SCREEN)
