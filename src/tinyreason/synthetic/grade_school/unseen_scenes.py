"""Templates held apart from training: snails, candles, rows that shrink, races, stairs."""

from tinyreason.synthetic.grade_school.templates import template

SNAIL = template(
    "unseen/snail",
    """
    up 4-15; down 1-6; days 3-12; start 2-30; down < up
    ? A snail sits {start} inches above the ground on a wall. Every day it climbs {up} inches, and every
      night it slips back {down~inch}. >> How many inches above the ground is it after {days} days and
      nights?
    ? By day, a snail climbs {up} inches up a tree, and at night it slides {down~inch} down. It begins
      {start} inches above the ground and goes on for {days} days and nights. >> How high is it then, in
      inches?
    ? A snail that is {start} inches above the ground climbs {up} inches a day and loses {down~inch} each
      night, {days} days and nights long. >> At what height, in inches, does it arrive?
    ! 2-40: There are {noise} other snails in the garden.
    net = up - down: in a day and a night, it gains {=~inch}
    gained = net * days: in {days} days and nights, that is {=~inch}
    height = start + gained: it is {=~inch} above the ground
    > top 60-300/5
      ? The top is {top} inches above the ground. >> How many inches away from the top is it?
      away = top - height: it is {=~inch} away from the top
      > rain 2-20
        ? Rain washes it down by {rain} inches. >> How far from the top is it after the rain, in inches?
        after_rain = away + rain: after the rain, it is {=~inch} away
        > sunny 2-9
          ? From then on, it climbs {sunny} inches a day and does not slip back at night any more. >> How
            many days does it take to the top?
          more_days = after_rain / sunny: it takes {=~day}
          >
            ? >> How many days after the start does it reach the top?
            all_days = days + more_days: it takes {=~day} in all
    """,
)
CANDLES = template(
    "unseen/candles",
    """
    tall 16-40; short 8-20; fast 2-4; slow 1-2; hours 2-7; slow < fast
    ? A red candle is {tall} centimeters tall and loses {fast} centimeters an hour. A white candle is {short}
      centimeters tall and loses {slow~centimeter} an hour. Both burn for {hours} hours. >> How many
      centimeters taller is the red candle then?
    ? {A} lights two candles. The red one, {tall} centimeters tall, burns down {fast} centimeters an hour,
      the white one, {short} centimeters tall, {slow~centimeter} an hour. {A} looks at them after {hours}
      hours. >> By how many centimeters is the red candle taller then?
    ? In an hour, {fast} centimeters of a red candle and {slow~centimeter} of a white candle are lost. At
      first, the red candle measures {tall} centimeters and the white one {short}. They burn for {hours}
      hours. >> What is the difference between their lengths then, in centimeters?
    ! 3-30: The candles cost {noise} dollars.
    red_burnt = fast * hours: the red candle loses {=~centimeter}
    red = tall - red_burnt: that leaves {=~centimeter} of the red candle
    white_burnt = slow * hours: the white candle loses {=~centimeter}
    white = short - white_burnt: that leaves {=~centimeter} of the white candle
    difference = red - white: the difference is {=~centimeter}
    >
      ? The white candle burns on alone until nothing of it is left. >> For how many hours in all does the
        white candle burn?
      more_hours = white / slow: the rest of the white candle burns for {=~hour}
      all_hours = hours + more_hours: in all, it burns for {=~hour}
    >
      ? The two candles are then placed on top of each other. >> How many centimeters high are they together?
      both = red + white: together they are {=~centimeter} high
    """,
)
BRICKS = template(
    "unseen/bricks",
    """
    bottom 12-60; fewer 2-6
    ? The lowest row of a wall has {bottom} bricks, and every row has {fewer} bricks fewer than the row below
      it. The wall has four rows. >> How many bricks are in the wall?
    ? A wall is built of four rows. There are {bottom} bricks in the bottom row and {fewer} fewer in each row
      than in the one under it. >> Of how many bricks does the wall consist?
    ? {A} stacks bricks in four rows. {he} begins with {bottom} bricks and takes {fewer} fewer for each new
      row. >> How many bricks does {A} need?
    ! 2-9: The bricks were made {noise} weeks ago.
    second = bottom - fewer: the second row has {=~brick}
    third = second - fewer: the third row has {=~brick}
    fourth = third - fewer: the fourth row has {=~brick}
    bricks = bottom + second + third + fourth: the wall has {=~brick}
    > weight 2-6
      ? A brick weighs {weight} pounds. >> How many pounds does the wall weigh?
      pounds = bricks * weight: the wall weighs {=~pound}
      > load 20-100/4
        ? A cart carries {load} pounds at a time. >> How many times must the cart be filled to carry all of
          the bricks?
        loads = pounds / load: the cart must be filled {=~time}
    > pallet 50-300/10
      ? There were {pallet} bricks on a pallet. >> How many of them are not used?
      unused = pallet - bricks: {=~brick} {=^is/are} not used
    """,
)
RELAY = template(
    "unseen/relay",
    """
    first 55-90; faster 2-9; slower 2-9
    ? In a relay race, {A} runs {first} seconds. {B} is {faster} seconds faster than {A}, {C} {slower}
      seconds slower than {A}, and {D} needs as long as {B}. >> What is the time of the team in seconds?
    ? Four runners form a relay team. {A} needs {first} seconds and {C} {slower} seconds more than {A}. {B}
      and {D} each need {faster} seconds less than {A}. >> How many seconds does the team need?
    ? {A}, {B}, {C} and {D} run one after another. {A}'s time is {first} seconds, {B}'s and {D}'s times are
      both {faster} seconds shorter, and {C}'s time is {slower} seconds longer than {A}'s. >> After how many
      seconds does the last of them finish?
    ! 11-19: {C} is {noise} years old.
    second = first - faster: {B} and {D} need {=~second} each
    third = first + slower: {C} needs {=~second}
    team = first + second + third + second: the team needs {=~second}
    > record 200-400; above < 40
      ? The school record is {record} seconds. >> By how many seconds does the team miss the record?
      above = team - record: the team misses it by {=~second}
    >
      ? >> What is the average time of the four, in seconds?
      mean = team / 4: the average is {=~second}
      >
        ? >> By how many seconds is {C} slower than the average of the four?
        behind = third - mean: {C} is {=~second} slower
    """,
)
ELEVATOR = template(
    "unseen/elevator",
    """
    limit 1000-3000/50; people 3-9; average 110-190/5; crates 2-9; crate 25-80/5
    ? An elevator may carry {limit} pounds. {people} people with an average weight of {average} pounds get
      in, along with {crates} crates of {crate} pounds each. >> How many more pounds may be loaded?
    ? {people} movers, who weigh {average} pounds on average, ride in an elevator with {crates} crates. Each
      crate weighs {crate} pounds, and the elevator is made for {limit} pounds. >> How many pounds are
      missing to the limit?
    ? The limit of an elevator is {limit} pounds. In it stand {crates} crates, {crate} pounds each, and
      {people} people, who weigh {average} pounds on average. >> How much weight, in pounds, could still be
      added?
    ! 5-40: The building has {noise} floors.
    of_people = people * average: the people weigh {=~pound}
    of_crates = crates * crate: the crates weigh {=~pound}
    load = of_people + of_crates: together, that is {=~pound}
    room = limit - load: {=~pound} could be added
    > leaving_weight 100-200/5
      ? A man of {leaving_weight} pounds gets out and takes one of the crates with him. >> How many pounds
        could be added then?
      out = leaving_weight + crate: the man and the crate weigh {=~pound}
      room_then = room + out: {=~pound} could be added after that
      > sack 20-60/5
        ? Then sacks of {sack} pounds are loaded until nothing more may be added. >> How many sacks is that?
        sacks = room_then / sack: that is {=~sack}
    > third_crates 2-4
      ? Then {third_crates} of the crates are taken out again. >> How many more pounds may be loaded after
        that?
      taken_out = third_crates * crate: they weigh {=~pound}
      room_after = room + taken_out: {=~pound} more may be loaded
    """,
)
CHESS = template(
    "unseen/chess",
    """
    games 8-24; wins 3-12; losses 1-6; win_points 2-5
    ? In a chess tournament, a win brings {win_points} points and a draw 1 point. {A} played {games} games,
      won {wins} of them and lost {losses}. The others were draws. >> What was {A}'s score in points?
    ? {A} won {wins} and lost {losses} of {his} {games} games of chess, and the rest ended in a draw. A draw
      counts 1 point, a win {win_points} points, and a loss nothing. >> What is {A}'s total?
    ? Of {games} games of chess, {A} lost {losses}, won {wins} and drew all others. There is 1 point for a
      draw and {win_points} points for a win. >> How many points is that?
    ! 2-9: {A} has a chess set that is {noise} years old.
    decided = wins + losses: {=~game/games} had a winner
    draws = games - decided: {=~game/games} {=^was/were} drawn
    for_wins = wins * win_points: the wins brought {=~point}
    points = for_wins + draws: with the draws, {A} has {=~point}
    > leader 2-15
      ? The leader has {leader} points more, and {B} has half as many points as the leader. >> With how many
        points does {B} end the tournament?
      first_place = points + leader: the leader has {=~point}
      other = first_place / 2: {B} has {=~point}
      > prize 2-9
        ? Everyone gets {$prize} for each point. >> How many dollars does {B} receive?
        money = other * prize: {B} gets {=~dollar}
    >
      ? >> How many points would {A} have had if all the draws had been wins?
      more_wins = wins + draws: there would have been {=~win}
      points_then = more_wins * win_points: they would have brought {=~point}
    """,
)
SEATS = template(
    "unseen/seats",
    """
    front 3-10; front_seats 12-24; back 4-14; back_seats 16-36; sold 80-400
    ? A theater has {front} rows with {front_seats} seats in front and {back} rows with {back_seats} seats
      behind them. {sold} seats are taken tonight. >> How many seats are free?
    ? Tonight, {sold} people came to a hall that has {front} front rows of {front_seats} seats and {back}
      back rows of {back_seats} seats. >> How many seats did nobody sit on?
    ? Of a hall's seats, {front} rows of {front_seats} are in front and {back} rows of {back_seats} at the
      back. Exactly {sold} seats are sold. >> How many are not sold?
    ! 2-4: The play has {noise} acts.
    in_front = front * front_seats: in front, there {=^is/are} {=~seat/seats}
    at_back = back * back_seats: at the back, there {=^is/are} {=~seat/seats}
    seats = in_front + at_back: in all, there {=^is/are} {=~seat/seats}
    free = seats - sold: {=~seat/seats} {=^is/are} free
    > price 5-20
      ? A ticket costs {$price}. >> How much more money would a full house bring in than tonight?
      lost = free * price: it would bring in {=~dollar} more
    > late 3-40
      ? Then {late} people come late and find a seat. >> How many seats stay free?
      still_free = free - late: {=~seat/seats} {=^stays/stay} free
      > fraction 2-5
        ? {1/fraction} of the free seats are in front. >> How many of the free seats are at the back?
        free_front = still_free / fraction: {=~seat/seats} {=^is/are} in front
        free_back = still_free - free_front: {=~seat/seats} {=^is/are} at the back
        > dollars 4-9
          ? For the free seats at the back, tickets are sold to students for {$dollars} each, and all of them
            are taken. >> How much money does that bring in?
          late_income = free_back * dollars: that brings in {=~dollar}
    """,
)
STAIRS = template(
    "unseen/stairs",
    """
    floor 3-12; steps 14-24; ways 2-9
    ? {A} lives {floor} floors above the ground, and each floor takes {steps} steps. Today, {he} climbed from
      the ground to {his} flat {ways} times. >> How many steps did {A} climb?
    ? A flat is {floor} floors up, with {steps} steps from one floor to the next. {A} carried boxes up to it
      from the ground, {ways} times. >> How many steps did {A} go up?
    ? The elevator is broken, so {A} took the stairs from the ground up to floor {floor}, {ways} times. There
      are {steps} steps to every floor. >> How many steps up was that?
    ! 2-9: {noise} families live in the house.
    up = floor * steps: going up once takes {=~step}
    climbed = up * ways: in all, {A} climbed {=~step}
    + other_floor 2-9
      ? {A} also went from the ground to a friend on floor {other_floor}. >> How many steps did {A} climb in
        all?
      to_friend = other_floor * steps: to the friend, it was {=~step}
      with_friend = it + to_friend: with these, {A} climbed {=~step}
    + outside 10-60
      ? On the way to the house, {A} had also climbed {outside} steps outside. >> How many steps did {A}
        climb in all?
      with_outside = it + outside: with those outside, it was {=~step}
    > days 2-6
      ? {A} did so on each of {days} days. >> How many steps did {A} climb on these days?
      in_days = it * days: in {days} days, it was {=~step}
      > plan 2000-9000/100
        ? {A} had planned {plan} steps. >> How many steps were missing?
        missing = plan - in_days: there {=^was/were} {=~step} missing
    > per_minute 20-60/2
      ? {A} climbs {per_minute} steps a minute. >> For how many minutes did {A} climb?
      minutes = it / per_minute: {A} climbed for {=~minute}
    """,
)
UNSEEN_SCENES = (SNAIL, CANDLES, BRICKS, RELAY, ELEVATOR, CHESS, SEATS, STAIRS)
