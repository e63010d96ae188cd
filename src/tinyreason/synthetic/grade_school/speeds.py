"""Speeds: journeys, runs, reading and typing."""

from tinyreason.synthetic.grade_school.templates import template

READING = template(
    "rates/reading",
    """
    rate 12-40; saturday 2-4; sunday 2-5; pages 150-600/10
    ? {A} reads {rate} pages an hour. {he} read for {saturday~hour} on Saturday and for {sunday~hour} on
      Sunday. The book has {pages} pages. >> How many pages does {A} still have to read?
    ? A book has {pages} pages. {A}, who reads {rate} pages per hour, spent {saturday~hour} on it on Saturday
      and {sunday~hour} on Sunday. >> How many pages are left [to read|for {A} to read]?
    ? On the weekend, {A} started a book with {pages} pages. {he} read for {saturday~hour} on Saturday and
      for {sunday~hour} on Sunday, {rate} pages every hour. >> How many pages of the book were left
      [then|after that]?
    ! 3-9: {A} has {noise} other books on {his} shelf.
    ! 8-30: The book has {noise} pictures.
    hours = saturday + sunday: {A} read for {=~hour}
    read = hours * rate: in this time, {A} read {=~page}
    left = pages - read: {A} had {=~page} left to read
    + skipped 5-40
      ? {A} skipped {skipped} of the remaining pages because they were [full of notes|hard to understand]. >>
        How many pages are left now?
      after_skipping = it - skipped: without the skipped pages, {=~page} remained
    + part 2-5
      ? On Monday, {A} read {1/part} of the pages that were left. >> How many pages are left now?
      monday = it / part: {A} read {=~page} on Monday
      after_monday = it - monday: after that, {=~page} {=^was/were} left
    > daily 6-40
      ? From then on, {A} read {daily} pages [a day|every day]. >> How many more days did it take {him} to
        finish the book?
      days = it / daily: the rest took {=~day}
    >
      ? >> How many more hours will {A} need for the rest at the same speed?
      more_hours = it / rate: the rest will take {=~hour}
    """,
)
TWO_SPEEDS = template(
    "rates/two_speeds",
    """
    first_hours 2-5; first_speed 30-70/5; second_hours 2-5; second_speed 25-70/5; first_speed != second_speed
    ? {A} drove {first_hours~hour} at {first_speed} miles per hour. After a break, {he} drove another
      {second_hours~hour} at {second_speed} miles per hour. >> How many miles did {A} drive [in
      all|altogether]?
    ? On the way to {town}, {A} drove at {first_speed} miles an hour for {first_hours~hour} and then, in the
      rain, at {second_speed} miles an hour for {second_hours~hour}. >> How long was the drive in miles?
    ? A trip took {A} first {first_hours~hour} on the highway at {first_speed} miles per hour and then
      {second_hours~hour} on other roads at {second_speed} miles per hour. >> What distance did {A} cover, in
      miles?
    ! 2-9: {A} listened to {noise} albums on the way.
    ! 15-50: The break lasted {noise} minutes.
    first_miles = first_hours * first_speed: {A} drove {=~mile} in the first part
    second_miles = second_hours * second_speed: [in the second part, {A} drove {=~mile}|{A} drove {=~mile} in
      the second part]
    miles = first_miles + second_miles: [altogether|in all], {A} drove {=~mile}
    + last_miles 5-60/5
      ? A detour made the drive {last_miles} miles longer. >> How many miles did {A} drive in all?
      ? {A} also had to take a detour of {last_miles} miles. >> How many miles did {A} drive [in
        all|altogether]?
      with_detour = it + last_miles: with the detour, it was {=~mile}
    + more_hours 2-4; more_speed 30-60/10
      ? The next day, {A} drove another {more_hours~hour} at {more_speed} miles per hour. >> How many miles
        did {A} drive in all?
      ? After that, {A} drove another {more_hours~hour} at {more_speed} miles per hour. >> How many miles did
        {A} drive in all?
      more_miles = more_hours * more_speed: the extra drive was {=~mile}
      with_more = it + more_miles: with that, {A} drove {=~mile}
    > per_gallon 20-40/5
      ? {A}'s car needs one gallon of gas for every {per_gallon} miles. >> How many gallons of gas did the
        drive take?
      gallons = it / per_gallon: the drive took {=~gallon} of gas
      > gas 3-6
        ? [Gas cost|The price of gas was] {$gas} a gallon. >> How much did the gas cost?
        gas_cost = gallons * gas: the gas cost {=~dollar}
        > riders 2-4
          ? {A} shared the cost of the gas equally with {riders} friends who came along. >> How much did each
            of them pay?
          payers = riders + 1: the cost was shared by {=} people
          each_paid = gas_cost / payers: each of them paid {=~dollar}
    > way 200-900/10
      ? The whole way to {town2} is {way} miles long. >> How many miles does {A} still have to go?
      rest = way - it: {A} still has {=~mile} to go
    """,
)
APART = template(
    "rates/apart",
    """
    first_speed 8-20; second_speed 8-20; hours 2-6; first_speed != second_speed
    ? {A} and {B} start from the same place and cycle in opposite directions for {hours~hour}. {A} rides
      {first_speed} miles an hour and {B} {second_speed} miles an hour. >> How far apart are they then, in
      miles?
    ? Two cyclists leave {town} at the same time, {A} to the north at {first_speed} miles per hour and {B} to
      the south at {second_speed} miles per hour. Both ride for {hours~hour}. >> How many miles lie between
      them then?
    ? {A} cycles east at {first_speed} miles per hour while {B}, who started at the same time and place,
      cycles west at {second_speed} miles per hour. >> How many miles apart are they {hours~hour} later?
    ! 2-9: {A} has had {his} bicycle for {noise} years.
    together = first_speed + second_speed: the distance between them grows by {=~mile} an hour
    apart = together * hours: after {hours~hour}, they are {=~mile} apart
    > more_hours 2-4
      ? Then {A} stops, and {B} rides on for another {more_hours~hour} [at the same speed|as before]. >> How
        many miles apart are they then?
      second_miles = more_hours * second_speed: {B} rides another {=~mile}
      then_apart = it + second_miles: with that, they are {=~mile} apart
      > closing 12-30
        ? {B} then turns around and rides back toward {A}, who waits, at {closing} miles an hour. >> How many
          hours does {B} need to reach {A}?
        back_hours = then_apart / closing: {B} needs {=~hour} to reach {A}
        >
          ? >> How many hours after their start do {A} and {B} meet again?
          riding = hours + more_hours: before turning around, {B} rode {=~hour}
          all_hours = riding + back_hours: they meet {=~hour} after the start
    >
      ? >> How many more miles does {A} ride than {B} in those {hours~hour}?
      lead = first_speed - second_speed: {A} rides {=~mile} more every hour
      miles_more = lead * hours: in {hours~hour}, {A} rides {=~mile} more
    """,
)
TYPING = template(
    "rates/typing",
    """
    pages 2-9; words 200-400/20; speed 25-60/5
    ? {A} typed a report of {pages} pages with {words} words on each page. {he} typed {speed} words a minute.
      >> How many minutes did it take?
    ? A [report|story] had {pages} pages, and every page had {words} words. {A} typed {speed} words per
      minute. >> How many minutes did {A} need to type it?
    ? Typing {speed} words a minute, {A} copied an essay of {pages} pages, each with {words} words. >> For
      how many minutes did {A} type?
    ! 2-9: {A} has had this computer for {noise} years.
    all_words = pages * words: the text has {=~word}
    typing = all_words / speed: typing takes {=~minute}
    + breaks 2-4; pause 5-15
      ? {A} also took {breaks} breaks of {pause} minutes each. >> How many minutes did everything take, with
        the breaks?
      pauses = breaks * pause: the breaks took {=~minute}
      with_breaks = it + pauses: with the breaks, it took {=~minute}
    + checking 6-30
      ? After that, it took {checking} minutes to correct the mistakes. >> How many minutes did everything
        take?
      with_checking = it + checking: with the corrections, it was {=~minute}
    + copies 2-5; copy_time 3-8
      ? Then {copies} copies were printed, each of which took {copy_time} minutes. >> How many minutes did
        everything take?
      printing = copies * copy_time: printing took {=~minute}
      with_printing = it + printing: with the printing, it was {=~minute}
    > planned 60-300/10
      ? >> If {A} had [planned|set aside] {planned} minutes for this, how many minutes [remained|were left]?
      spare = planned - it: {A} had {=~minute} left
    """,
)
RUNNING = template(
    "rates/running",
    """
    ~pace 6-12; miles 2-5; minutes = miles * pace; far 6-13; miles < far
    ? {A} ran {miles} miles in {minutes~minute}. >> How many minutes would {he} need for {far} miles at the
      same [pace|speed]?
    ? It took {A} {minutes~minute} to run {miles} miles. Next week, {he} wants to run {far} miles at the same
      pace. >> How many minutes will that take?
    ? {A} needs {minutes~minute} for a run of {miles} miles. On Sundays, {he} runs {far} miles at the same
      pace. >> How many minutes does {A} need for those {far} miles?
    ! 20-70: {A} drank {noise} ounces of water that day.
    ! 4-30: {A} has run in {noise} races.
    pace = minutes / miles: {A} needs {=~minute} for a mile
    time = pace * far: {far} miles take {=~minute}
    > slower 5-30; rest 2-10
      ? {B} needs {slower} minutes more than {A} for those {far} miles and rests for {rest} minutes on the
        way. >> After how many minutes does {B} finish?
      running = time + slower: {B} runs for {=~minute}
      arrival = running + rest: with the rest, {B} finishes after {=~minute}
    > runs 2-5
      ? {A} runs those {far} miles {runs} times a week. >> How many minutes does {A} run in a week?
      ? >> If {A} runs {far} miles {runs} times a week, how many minutes does {he} run in a week?
      weekly = time * runs: in a week, {A} runs for {=~minute}
      > weeks 2-12
        ? >> How many hours does {A} run in {weeks~week}?
        all_minutes = weekly * weeks: in {weeks~week}, that is {=~minute}
        hours = all_minutes / 60: that is {=~hour}
    """,
)
SPEEDS = (READING, TWO_SPEEDS, APART, TYPING, RUNNING)
