"""Time: days full of plans, lessons and breaks, weeks of practice, supplies that last."""

from tinyreason.synthetic.grade_school.templates import template

MORNING = template(
    "time/morning",
    """
    hours 1-3; washing 5-25; breakfast 10-35; walk 5-40
    ? {A} gets up {hours~hour} before school begins. {he} needs {washing} minutes to wash and dress,
      {breakfast} minutes for breakfast and {walk} minutes to walk to school. >> How many minutes does {A}
      have left [before school begins|for other things]?
    ? School begins {hours~hour} after {A} gets up. Washing and dressing take {him} {washing} minutes,
      breakfast takes {breakfast} minutes and the walk to school {walk} minutes. >> How many minutes remain
      for other things?
    ? Between getting up and the beginning of school, {A} has {hours~hour}. {he} spends {washing} minutes in
      the bathroom, {breakfast} minutes at breakfast and {walk} minutes on the way. >> How many minutes of
      this time are left?
    ! 7-12: {A} went to bed at {noise} o'clock the evening before.
    minutes = hours * 60: {A} has {=~minute}
    used = washing + breakfast + walk: [{A} uses|of these, {A} uses] {=~minute}
    left = minutes - used: there {=^is/are} {=~minute} left
    + feeding 4-15
      ? {A} also feeds the {animals} for {feeding} minutes. >> How many minutes are left then?
      after_feeding = it - feeding: after feeding the {animals}, {A} has {=~minute}
    + part 2-4
      ? {A} reads for {1/part} of the minutes that are left. >> How many minutes are left after that?
      reading = it / part: {A} reads for {=~minute}
      after_reading = it - reading: that leaves {=~minute}
    > days 4-6
      ? It is like this on {days~day} of every week. >> How many minutes a week are left in all?
      weekly = it * days: in {days~day}, it is {=~minute}
    """,
)
PRACTICE = template(
    "time/practice",
    """
    weekday_minutes 10-60/5; weekend_minutes 20-120/5; weeks 2-10
    ? {A} plays the {hobby}. {he} practices {weekday_minutes} minutes on each of the five days from Monday to
      Friday and {weekend_minutes} minutes on each of the two days of the weekend. >> How many minutes does
      {A} practice in {weeks~week}?
    ? From Monday to Friday, {A} practices the {hobby} for {weekday_minutes} minutes a day, and on Saturday
      and Sunday for {weekend_minutes} minutes a day. {he} has kept this up for {weeks~week}. >> How many
      minutes has {A} practiced in all?
    ? For {weeks~week}, {A} has practiced the {hobby} every day: {weekend_minutes} minutes on Saturdays and
      Sundays, {weekday_minutes} minutes on the other five days. >> How many minutes of practice is that?
    ! 2-9: {A} has played the {hobby} for {noise} years.
    school_week = weekday_minutes * 5: from Monday to Friday, {A} practices {=~minute}
    weekend = weekend_minutes * 2: on the weekend, {A} practices {=~minute}
    week = school_week + weekend: in a week, that is {=~minute}
    all_minutes = week * weeks: in {weeks~week}, it is {=~minute}
    >
      ? >> How many hours of practice is that?
      hours = all_minutes / 60: that is {=~hour}
      > goal 20-150/5
        ? {A} wants to reach {goal} hours of practice. >> How many hours are still missing?
        missing = goal - hours: {=~hour} {=^is/are} missing
      > lesson 10-40
        ? An hour of practice with a teacher would cost {$lesson}. >> How much would all of these hours cost
          with a teacher?
        cost = hours * lesson: with a teacher, they would cost {=~dollar}
    > skipped 2-9
      ? But on {skipped} days from Monday to Friday, {A} did not practice at all. >> How many minutes did {A}
        practice then?
      lost = skipped * weekday_minutes: {A} missed {=~minute}
      practiced = all_minutes - lost: in all, {A} practiced {=~minute}
    """,
)
LESSONS = template(
    "time/lessons",
    """
    lessons 3-7; length 40|45|50|55|60; breaks 5-20/5; lunch 20-50/5
    ? At {A}'s school, there are {lessons} lessons a day of {length} minutes each. Between one lesson and the
      next, there is a break of {breaks} minutes, except for the lunch break, which lasts {lunch} minutes. >>
      How many minutes pass from the beginning of the first lesson to the end of the last?
    ? {A} has {lessons} lessons today, each {length} minutes long. One of the breaks between them is the
      lunch break of {lunch} minutes, and each of the others lasts {breaks} minutes. >> How many minutes is
      it from the start of the first lesson to the end of the last one?
    ? A school day consists of {lessons} lessons of {length} minutes with a break after each lesson but the
      last. One break lasts {lunch} minutes, all the others {breaks} minutes. >> How long is the school day
      in minutes?
    ! 15-30: There are {noise} students in the class.
    in_class = lessons * length: the lessons take {=~minute}
    short_breaks = lessons - 1 - 1: besides lunch, there {=^is/are} {=~break}
    break_minutes = short_breaks * breaks: these breaks take {=~minute}
    school_day = in_class + break_minutes + lunch: in all, it is {=~minute}
    > club_minutes 20-90/5
      ? After school, {A} spends another {club_minutes} minutes in the {club}. >> How many minutes does {A}
        spend on lessons, breaks and the {club}?
      with_club = school_day + club_minutes: with the {club}, it is {=~minute}
      > bus 10-40/5
        ? The bus ride takes {bus} minutes each way. >> After how many minutes in all is {A} back home?
        rides = bus * 2: the bus rides take {=~minute}
        away = with_club + rides: {A} is away for {=~minute}
    > school_days 2-5
      ? >> How many minutes do all lessons and breaks of {school_days~day} take?
      in_days = school_day * school_days: in {school_days~day}, it is {=~minute}
    """,
)
SUPPLIES = template(
    "time/supplies",
    """
    ~days 4-40; cats 2-6; meals 2-3; grams 20-80/5; bag = cats * meals * grams * days
    ? {A} has {cats} cats. Each of them eats {grams} grams of dry food {meals} times a day. There are {bag}
      grams of dry food in the house. >> For how many days will it last?
    ? Each of {A}'s {cats} cats gets {meals} meals a day of {grams} grams each. >> How many days will {bag}
      grams of cat food last?
    ? {bag} grams of cat food are left at {A}'s house. {his} {cats} cats get {meals} meals a day, and a meal
      is {grams} grams for each cat. >> For how many days is the food enough?
    ! 2-14: The oldest of the cats is {noise} years old.
    per_cat = meals * grams: a cat eats {=~gram} a day
    per_day = per_cat * cats: all the cats eat {=~gram} a day
    days = bag / per_day: the food lasts for {=~day}
    > more_cats 1-3
      ? {A} takes {more_cats} more cats for which the same holds. >> How many grams of food do all the cats
        eat in a week then?
      all_cats = cats + more_cats: with the new ones, there {=^is/are} {=~cat}
      more_per_day = per_cat * all_cats: they eat {=~gram} a day
      per_week = more_per_day * 7: in a week, they eat {=~gram}
    > weeks 2-8; pack 400-3000/100; price 2-15
      ? {A} wants to buy cat food for {weeks~week}. A pack of {pack} grams costs {$price}. >> How much does
        {A} pay for the packs that are needed?
      per_cat_week = per_day * 7: in a week, they eat {=~gram}
      for_weeks = per_cat_week * weeks: in {weeks~week}, it is {=~gram}
      packs = for_weeks / pack: that takes {=~pack}
      cost = packs * price: the packs cost {=~dollar}
    """,
)
MOVIE = template(
    "time/movie",
    """
    hours 1-3; minutes 5-55/5; ads 5-25; shows 2-5; cleaning 10-30/5
    ? A movie lasts {hours~hour} and {minutes} minutes. Before each show there are {ads} minutes of ads, and
      after each show the hall is cleaned for {cleaning} minutes. >> How many minutes do {shows} shows take
      with ads and cleaning?
    ? For each of the {shows} shows of the day, a theater needs {ads} minutes for ads, {hours~hour} and
      {minutes} minutes for the movie and {cleaning} minutes for cleaning. >> How many minutes is that in
      all?
    ? {A} works in a movie theater that has {shows} shows today. A show begins with {ads} minutes of ads, the
      movie lasts {hours~hour} and {minutes} minutes, and then {A} needs {cleaning} minutes to clean the
      hall. >> How many minutes do all the shows take with cleaning?
    ! 60-300/10: There are {noise} seats in the hall.
    in_hours = hours * 60: the full hours are {=~minute}
    movie = in_hours + minutes: the movie lasts {=~minute}
    one_show = movie + ads + cleaning: a show with everything takes {=~minute}
    all_shows = one_show * shows: {shows} shows take {=~minute}
    > open 8-16
      ? The hall is open for {open} hours. >> For how many minutes is it not in use?
      open_minutes = open * 60: {open} hours are {=~minute}
      idle = open_minutes - all_shows: it is not in use for {=~minute}
    > guests 10-90; ticket 6-15
      ? Each show has {guests} guests, who pay {$ticket} each. >> How much do they pay on this day?
      all_guests = guests * shows: there {=^is/are} {=~guest}
      income = all_guests * ticket: they pay {=~dollar}
    """,
)
HOMEWORK = template(
    "time/homework",
    """
    problems 8-40; each 2-6; reading 10-45; times 2-3; hours 2-5
    ? {A} has {hours~hour} for homework. {he} solves {problems} math problems in {each} minutes each, reads
      for {reading} minutes and needs {times*} as long as that for an essay. >> How many minutes are left?
    ? For math, {A} has to solve {problems} problems, each of which takes {each} minutes. Then {he} reads for
      {reading} minutes and writes an essay, which takes {times*} as long as the reading. {he} has
      {hours~hour} for everything. >> How many minutes does {A} have left after that?
    ? {A}'s homework: {problems} problems of {each} minutes each, {reading} minutes of reading, and an essay
      that takes {times*} as long as the reading. {A} has set aside {hours~hour} for it. >> How many minutes
      will be left?
    ! 2-9: {A} has used {noise} pencils this year.
    solving = problems * each: the problems take {=~minute}
    essay = reading * times: the essay takes {=~minute}
    work = solving + reading + essay: in all, the homework takes {=~minute}
    available = hours * 60: {A} has {=~minute}
    left = available - work: there {=^is/are} {=~minute} left
    > helping 3-30
      ? {A} then helps in the kitchen for {helping} minutes. >> How many minutes does {A} have left after
        that?
      after_helping = left - helping: after helping, {A} has {=~minute}
      > games 2-5; 4 < game
        ? The rest is just enough for {games} games of equal length. >> How many minutes does a game take?
        game = after_helping / games: a game takes {=~minute}
    """,
)
PROJECT = template(
    "time/project",
    """
    first_days 3-9; first_hours 2-5; later_days 2-8; more_hours 2-4; planned 30-120/2
    ? {A} is building a boat and has planned {planned} hours for it. For {first_days} days, {he} worked
      {first_hours} hours a day. For the next {later_days} days, {he} worked {more_hours} hours a day more
      than before. >> How many of the planned hours are left?
    ? For the {event}, {A} wants to sew costumes, which will take {planned} hours. {he} sewed {first_hours}
      hours a day for {first_days} days and then {more_hours} hours a day more for {later_days} days. >> How
      many hours of work are left?
    ? Painting a mural takes {A} {planned} hours. On each of {first_days} days, {he} painted for
      {first_hours} hours. On each of {later_days} other days, {he} painted {more_hours} hours longer. >> How
      many hours does {A} still have to paint?
    ! 2-9: {A} has done this {noise} times before.
    first_part = first_days * first_hours: in the first days, {A} worked {=~hour}
    longer = first_hours + more_hours: after that, {A} worked {=~hour} a day
    second_part = later_days * longer: in these days, {A} worked {=~hour}
    done = first_part + second_part: together, that is {=~hour}
    left = planned - done: there {=^is/are} {=~hour} left
    > helpers 2-4
      ? The rest is shared equally by {A} and {helpers} friends. >> How many hours does each of them work?
      workers = helpers + 1: the rest is shared by {=} people
      each = left / workers: each of them works {=~hour}
    > daily 2-8
      ? From now on, {A} works {daily} hours a day. >> How many more days does {A} need?
      days = left / daily: {A} needs {=~day}
    """,
)
SCHEDULES = (MORNING, PRACTICE, LESSONS, SUPPLIES, MOVIE, HOMEWORK, PROJECT)
