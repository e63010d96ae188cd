"""Ages of people and of buildings."""

from tinyreason.synthetic.grade_school.templates import Piece, piece, template


def together(first: str, second: str, third: str) -> Piece:
    """From the ages of {A}, {B} and {C}, by the names of their numbers."""
    sheet = """
        ? >> What is the sum of the three ages [now|today]?
        ? >> How old are {A}, {B} and {C} [together|in total|together now]?
        sum_of_three = FIRST + SECOND + THIRD: [the three ages add up to {=~year}|together they are {=~year}
          old]
        >
          ? >> What is the average age of {A}, {B} and {C}?
          ? >> How old are {A}, {B} and {C} on average?
          mean_age = sum_of_three / 3: [their average age|the average of the three ages] is {=~year}
        > later 2-12
          ? >> What will the sum of the ages of {A}, {B} and {C} be in {later~year}?
          ? >> How old will {A}, {B} and {C} be together {later~year} from now?
          years_added = later * 3: [in {later~year}, the three gain|the three will gain] {=~year}
          sum_later = sum_of_three + years_added: the sum will be {=~year}
    """
    return piece(sheet.replace("FIRST", first).replace("SECOND", second).replace("THIRD", third))


CHAIN = template(
    "ages/chain",
    """
    age 4-14; older 2-9; times 2-4; third_age < 61
    ? {A} is {age} years old. {B} is {older~year} older than {A}, and {C} is {times*} as old as {B}. >> [How
      old is {C}|What is {C}'s age]?
    ? {B} is {older~year} older than {A}, who is {age}. {C}'s age is {times*} {B}'s age. >> How old is {C}?
    ? {A} has just turned {age}. {his} friend {B} is {older~year} older. {B}'s [neighbor|coach], {C}, is
      {times*} as old as {B}. >> [How old is {C}|How many years old is {C}]?
    second_age = age + older: {B} is {=~year} old
    third_age = second_age * times: {C} is {=~year} old
    > younger 2-9
      ? {D} is {younger~year} younger than {C}. >> How old is {D}?
      ? >> How old is {D}, who is {younger~year} younger than {C}?
      fourth_age = third_age - younger: {D} is {=~year} old
      >
        ? >> What is the sum of the ages of all four?
        ? >> How old are all four of them together?
        sum_of_two = age + second_age: {A} and {B} are {=~year} old together
        first_three = sum_of_two + third_age: with {C} that makes {=~year}
        sum_of_four = first_three + fourth_age: with {D} it makes {=~year}
        >
          ? >> What is the average age of the four?
          ? >> How old are the four on average?
          mean_of_four = sum_of_four / 4: the average age of the four is {=~year}
    """,
    ends=[together("age", "second_age", "third_age")],
)
YEARS_AGO = template(
    "ages/years_ago",
    """
    ~then 3-14; times 2-4; ago 2-9; age = then * times + ago
    ? {A} is {age} years old. {ago~year} ago, {A} was {times*} as old as {B} was at that time. >> [How old is
      {B} now|What is {B}'s age now]?
    ? {ago~year} ago, {A} was {times*} as old as {B}. {A} is {age} now. >> What is {B}'s age [now|today]?
    ? Today {A} is {age} years old. {ago~year} earlier, {A}'s age was {times*} the age of {B}. >> How old is
      {B} today?
    age_then = age - ago: {ago~year} ago, {A} was {=~year} old
    other_then = age_then / times: {B} was {=~year} old at that time
    other_now = other_then + ago: today {B} is {=~year} old
    >
      ? >> How many years older is {A} than {B}?
      ? >> What is the difference between their ages?
      difference = age - other_now: the difference between their ages is {=~year}
    > later 2-15
      ? >> What will the sum of their ages be in {later~year}?
      ? >> How old will {A} and {B} be together {later~year} from now?
      later_age = age + later: {A} will be {=~year} old
      other_later = other_now + later: {B} will be {=~year} old
      sum_in_future = later_age + other_later: their ages will add up to {=~year}
    """,
    ends=[
        piece(
            """
            gap 2-9
            ? {C} is {gap~year} younger than {A}. >> How many years older is {C} than {B}?
            third_now = age - gap: {C} is {=~year} old
            third_lead = third_now - other_now: {C} is {=~year} older than {B}
            """,
            ends=[together("age", "other_now", "third_now")],
        )
    ],
)
SUM_AND_DIFFERENCE = template(
    "ages/sum_and_difference",
    """
    ~young 4-40; gap 2-12; total = young * 2 + gap
    ? The ages of {A} and {B} add up to {total} years. {A} is {gap~year} older than {B}. >> How old is {A}?
    ? {A} and {B} are {total} years old together, and {A} is the older one by {gap~year}. >> What is {A}'s
      age?
    ? Together, {A} and {B} are {total} years old. {B} is {gap~year} younger than {A}. >> How old is {A}?
    twice_younger = total - gap: without the {gap~year} that {A} is older, the two ages add up to {=~year}
    younger_age = twice_younger / 2: {B} is {=~year} old
    older_age = younger_age + gap: {A} is {=~year} old
    > later 2-12
      ? >> How old will {A} be in {later~year}?
      age_later = older_age + later: {A} will be {=~year} old
    """,
    ends=[
        piece(
            """
            times 2-3; third_age < 91
            ? {C} is {times*} as old as {B}. >> How many years older is {C} than {A}?
            third_age = younger_age * times: {C} is {=~year} old
            third_lead = third_age - older_age: {C} is {=~year} older than {A}
            """,
            ends=[together("younger_age", "older_age", "third_age")],
        )
    ],
)
PARENT = template(
    "ages/parent",
    """
    start 20-34; gap 2-8; young 2-14
    ? {A} was {start} years old when {his} first child, {B}, was born. The second child, {C}, came {gap~year}
      later. {C} is now {young~year} old. >> How old is {A} now?
    ? {A} became a parent at the age of {start}, when {B} was born. {gap~year} later, {C} was born. {C} is
      {young} now. >> [How old is {A} now|What is {A}'s age now]?
    ? {C} is {young~year} old. {C}'s older sibling {B} was born {gap~year} before {C}. Their parent, {A}, was
      {start} when {B} was born. >> How old is {A}?
    first_child = young + gap: {B} is {=~year} old
    parent_age = first_child + start: {A} is {=~year} old
    > goal 60|65|70|75|80|90|100
      ? >> In how many years will {A} be {goal} years old?
      ? >> How many years will it be until {A} turns {goal}?
      wait = goal - parent_age: {A} will be {goal} in {=~year}
    > second_gap 2-6
      ? A third child, {D}, was born {second_gap~year} after {C}. >> How old are the three children together?
      ? {D}, the third child, is {second_gap~year} younger than {C}. >> What is the sum of the ages of the
        three children?
      third_child = young - second_gap: {D} is {=~year} old
      children = first_child + young + third_child: the children are {=~year} old together
      >
        ? >> How many years older is {A} than the three children together?
        lead = parent_age - children: {A} is {=~year} older than the children together
        >
          ? >> In how many years will the three children together be as old as {A}?
          gained = 3 - 1: every year, the children together catch up {=~year}
          wait_for_children = lead / gained: it takes {=~year}
    """,
    ends=[together("parent_age", "first_child", "young")],
)
FUTURE_MULTIPLE = template(
    "ages/future_multiple",
    """
    age 4-15; times 2-4; years 3-15; gap 2-6
    ? In {years~year}, {A} will be {times*} as old as {B} is now. {B} is {age} years old. {C} is {gap~year}
      younger than {A}. >> How old is {C} now?
    ? {B} is {age} years old. {years~year} from now, {A}'s age will be {times*} {B}'s present age. {C} was
      born {gap~year} after {A}. >> [How old is {C} now|What is {C}'s age today]?
    ? {A} will be {times*} as old in {years~year} as {B} is today. {B} is {age}, and {C} is {gap~year}
      younger than {A}. >> How old is {C} today?
    future_age = age * times: {A} will be {=~year} old in {years~year}
    present_age = future_age - years: {A} is {=~year} old now
    third_age = present_age - gap: {C} is {=~year} old
    > wait 2-12
      ? >> How old will {C} be in {wait~year}?
      third_later = third_age + wait: {C} will be {=~year} old
    """,
    ends=[together("age", "present_age", "third_age")],
)
BUILDINGS = template(
    "ages/buildings",
    """
    age 40-120; older 10-90; part 2-5
    ? The library of {town} is {age} years old. The town hall is {older~year} older than the library. The
      bridge is {1/part} as old as the town hall. >> How old is the bridge?
    ? In {town}, the town hall was built {older~year} before the library, which is {age} years old. The age
      of the bridge is {1/part} of the age of the town hall. >> How [old is the bridge|many years old is the
      bridge]?
    ? The town hall of {town} is {older~year} older than its library. The library is {age} years old, and the
      bridge is {1/part} as old as the town hall. >> What is the age of the bridge in years?
    ! 12-95: The library owns {noise} maps.
    ! 3-15: {town} has {noise} schools.
    hall = age + older: the town hall is {=~year} old
    bridge = hall / part: the bridge is {=~year} old
    >
      ? >> How many years after the library was the bridge built?
      ? >> How many years younger than the library is the bridge?
      difference = age - bridge: the bridge is {=~year} younger than the library
    > times 2-3; younger 3-20
      ? The church is {times*} as old as the bridge, and the station is {younger~year} younger than the
        church. >> How old is the station?
      church = bridge * times: the church is {=~year} old
      station = church - younger: the station is {=~year} old
      >
        ? >> What is the sum of the ages of the bridge, the church and the station?
        sum_of_ages = bridge + church + station: the three ages add up to {=~year}
        >
          ? >> How old are the bridge, the church and the station on average?
          mean_age = sum_of_ages / 3: their average age is {=~year}
      > coming 5-30
        ? >> How old will the station be in {coming~year}?
        station_later = station + coming: the station will be {=~year} old
    """,
)
AGES = (CHAIN, YEARS_AGO, SUM_AND_DIFFERENCE, PARENT, FUTURE_MULTIPLE, BUILDINGS)
