"""Working backwards: the end is told, the beginning is asked."""

from tinyreason.synthetic.grade_school.templates import template

GAVE_HALF = template(
    "backwards/gave_half",
    """
    left 4-60; lost 2-30
    ? {A} gave half of {his} {collectibles} to {B}. Then {he} lost {lost} of those that remained and had
      {left} left. >> How many {collectibles} did {A} have at first?
    ? After {A} had given half of {his} {collectibles} to {B} and then lost another {lost}, {he} had {left}
      {collectibles}. >> How many {collectibles} did {A} have before?
    ? {A} has {left} {collectibles} now. {he} lost {lost} yesterday, after giving half of all {his}
      {collectibles} to {B}. >> How many {collectibles} did {he} have in the beginning?
    ! 2-12: {B} collects {collectible2s} as well and has {noise} of them.
    had_after = left + lost: before losing some, {A} had {=~collectible}
    at_first = had_after * 2: before giving half away, {A} had {=~collectible}
    > in_box 3-24
      ? At first, all of {A}'s {collectibles} were in boxes of {in_box}. >> How many boxes was that?
      boxes = at_first / in_box: they were in {=~box}
    > gift 3-40
      ? Of the {collectibles} that {A} had at first, {gift} came from {his} {giver}, and {he} had found all
        the others. >> How many of them had {A} found?
      found = at_first - gift: {A} had found {=~collectible}
      > days 2-9
        ? {A} had found the same number of them on each of {days~day}. >> How many was that a day?
        per_day = found / days: on each day, {A} had found {=~collectible}
    > value 2-6
      ? All those of the beginning together would have sold for {$value} each. >> How much money would {A}
        have got for them?
      income = at_first * value: {A} would have got {=~dollar}
    """,
)
SPENT = template(
    "backwards/spent",
    """
    left 5-60; second 5-60; price 5-80
    ? {A} bought {a garment} for {$price}. Then {he} spent half of the rest of {his} money on presents and
      {$second} on food. {he} had {$left} left. >> How much money did {A} have at first?
    ? After paying {$price} for {a garment}, {A} spent half of {his} remaining money on presents. {he} then
      paid {$second} for food and still had {$left}. >> How much money did {A} have in the beginning?
    ? {A} came home with {$left}. {he} had paid {$second} for food, before that half of {his} money at that
      time for presents, and first of all {$price} for {a garment}. >> With how much money had {A} left home?
    ! 2-9: {A} visited {noise} stores.
    before_food = left + second: before buying food, {A} had {=~dollar}
    before_presents = before_food * 2: before buying presents, {A} had {=~dollar}
    at_first = before_presents + price: at first, {A} had {=~dollar}
    > own 10-60; weeks 2-9
      ? Of the money that {A} had at first, {$own} had been a gift, and the rest was what {he} had earned in
        {weeks~week}, the same amount every week. >> How much had {A} earned a week?
      earned = at_first - own: {A} had earned {=~dollar}
      weekly = earned / weeks: in a week, {A} had earned {=~dollar}
    >
      ? >> How much money did {A} spend altogether?
      spent = at_first - left: {A} spent {=~dollar}
    """,
)
NUMBER = template(
    "backwards/number",
    """
    ~number 2-60; times 2-9; plus 2-60; minus 1-50; result = number * times + plus - minus
    ? {A} thinks of a number. {he} multiplies it by {times}, adds {plus} and then subtracts {minus}. The
      result is {result}. >> What number did {A} think of?
    ? If a number is multiplied by {times}, then {plus} is added and {minus} is subtracted, the result is
      {result}. >> What is the number?
    ? {A} takes a secret number {times} times, adds {plus} to it, takes away {minus} and gets {result}. >>
      What is the secret number?
    ! 7-14: {A}'s teacher wears shoes of size {noise}.
    before_minus = result + minus: before the subtraction, it was {=}
    before_plus = before_minus - plus: before the addition, it was {=}
    number = before_plus / times: the number is {=}
    > other 3-40
      ? {B}'s number is {other} greater than that number. >> What is the sum of the two numbers?
      second = number + other: {B}'s number is {=}
      both = number + second: the sum is {=}
      >
        ? >> What is the average of the two numbers?
        mean = both / 2: the average is {=}
    """,
)
BUS = template(
    "backwards/bus",
    """
    off_first 2-15; on_first 2-12; off_second 2-15; at_end 3-40
    ? At the first stop, {off_first} people got off a bus and {on_first} got on. At the second stop,
      {off_second} got off, and {at_end} people were left in it. >> How many people were in the bus before
      the first stop?
    ? After the second stop, there were {at_end} people in a bus. {off_second} had got off there. At the stop
      before, {off_first} had got off and {on_first} had got on. >> How many people had been in the bus
      before these two stops?
    ? {at_end} people are in a bus now. At the last stop, {off_second} people got off, and at the stop before
      that, {on_first} got on and {off_first} got off. >> How many people were in the bus before the two
      stops?
    ! 10-90: The number of the bus is {noise}.
    before_second = at_end + off_second: before the second stop, there {=^was/were} {=~person/people}
    before_on = before_second - on_first: without those who got on, there {=^was/were} {=~person/people}
    at_first = before_on + off_first: before the first stop, there {=^was/were} {=~person/people}
    > seats 15-90; empty < 50
      ? The bus has {seats} seats. >> How many seats were empty before the first stop?
      empty = seats - at_first: {=~seat/seats} {=^was/were} empty
    > fare 2-5
      ? Everyone who was in the bus before the first stop had paid {$fare}. >> How much had they paid
        together?
      fares = at_first * fare: they had paid {=~dollar}
    """,
)
SHARED = template(
    "backwards/shared",
    """
    children 3-9; each 3-15; eaten 2-20; bag 2-6
    ? {A} ate {eaten} {bakeds} and shared the rest equally among {children} children. Each child got {each}
      {bakeds}. They had come in {bag} equal bags. >> How many {bakeds} were in a bag?
    ? {bag} bags held the same number of {bakeds} each. After {eaten} {bakeds} were eaten, the rest was
      divided among {children} children, and each got {each}. >> How many {bakeds} had been in one bag?
    ? Each of {children} children got {each} {bakeds} when {A} shared all those that were left. Before,
      {eaten} had been eaten. At first, they filled {bag} bags, the same number in each. >> How many {bakeds}
      were there in each bag at first?
    ! 5-12: The children are {noise} years old.
    shared = children * each: the children got {=~baked}
    at_first = shared + eaten: with those eaten before, there {=^was/were} {=~baked}
    per_bag = at_first / bag: in each bag, there {=^was/were} {=~baked}
    > bag_price 2-12; other 3-30
      ? A bag cost {$bag_price}, and the drinks for the children {$other}. >> How much did the {bakeds} and
        the drinks cost?
      bags_cost = bag * bag_price: the bags cost {=~dollar}
      cost = bags_cost + other: with the drinks, it was {=~dollar}
    > more_bags 2-6; more_children 2-9
      ? Next time, there will be {more_bags} such bags for {more_children} children, and nothing is eaten
        before. >> How many {bakeds} will each child get?
      next_time = per_bag * more_bags: next time, there will be {=~baked}
      next_each = next_time / more_children: each child will get {=~baked}
    """,
)
GROWTH = template(
    "backwards/doubling",
    """
    ~start 3-30; times 2-3; added 5-40; members = start * times * times + added
    ? The {club} became {times} times as large in its first year and again {times} times as large in its
      second year. In the third year, {added} new members came, and now it has {members} members. >> With how
      many members did it begin?
    ? Now the {club} has {members} members, {added} of them new in this year. In each of the two years
      before, the number of its members was multiplied by {times}. >> How many members did it have at the
      beginning of these years?
    ? Two years in a row, the {club} grew to {times} times its size. After another {added} members had
      joined, there were {members}. >> How many members were there before the two years?
    ! 8-30: Its room has {noise} chairs.
    before_added = members - added: without the new members, there {=^was/were} {=~member}
    one_year = before_added / times: a year before, there {=^was/were} {=~member}
    start = one_year / times: at the beginning, there {=^was/were} {=~member}
    >
      ? >> How many more members does the {club} have now than at the beginning?
      more = members - start: there {=^is/are} {=~member} more
      > part 2-6
        ? {1/part} of those who came since the beginning are children. >> How many of those who came are not
          children?
        children = more / part: {=~child/children} came
        grown = more - children: {=~other member/other members} came
    > fee 3-20; rent 20-300/10
      ? Each of the {members} members pays {$fee} a year, and the {club} needs {$rent} for rent. >> How much
        money is left for other things?
      fees = members * fee: the members pay {=~dollar}
      remaining = fees - rent: there {=^is/are} {=~dollar} left
    """,
)
PAGES = template(
    "backwards/pages",
    """
    monday 10-60; tuesday_more 3-30; left 20-160
    ? {A} read {monday} pages of a book on Monday, {tuesday_more} more on Tuesday than on Monday, and half of
      the remaining pages on Wednesday. Then there were {left} pages left. >> How many pages does the book
      have?
    ? On Wednesday, {A} read half of the pages that were left of {his} book, so that {left} pages remained.
      On Monday, {he} had read {monday} pages and on Tuesday {tuesday_more} more than that. >> How many pages
      long is the book?
    ? A book has {left} pages left for {A}, who read {monday} pages on Monday, {tuesday_more} pages more on
      Tuesday and on Wednesday half of what remained after Tuesday. >> How many pages does the whole book
      have?
    ! 2-30: {A} bought the book for {noise} dollars.
    tuesday = monday + tuesday_more: on Tuesday, {A} read {=~page}
    two_days = monday + tuesday: on the two days, it was {=~page}
    after_two = left * 2: after Tuesday, there {=^was/were} {=~page} left
    pages = two_days + after_two: the book has {=~page}
    > daily 5-40
      ? {A} reads the last {left} pages at {daily} pages a day. >> How many days in all does {A} need for the
        book?
      more_days = left / daily: the last pages take {=~day}
      days = 3 + more_days: with the three days before, it is {=~day}
    > pictures 2-9
      ? In the whole book, there is one picture for every {pictures} pages. >> How many pictures are in the
        book?
      with_picture = pages / pictures: there {=^is/are} {=~picture}
    """,
)
BACKWARDS = (GAVE_HALF, SPENT, NUMBER, BUS, SHARED, GROWTH, PAGES)
