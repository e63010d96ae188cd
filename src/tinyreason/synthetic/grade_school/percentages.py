"""Percentages: discounts, tips, taxes, growth, parts of groups, test scores."""

from tinyreason.synthetic.grade_school.continuations import PAYING
from tinyreason.synthetic.grade_school.templates import template

DISCOUNT = template(
    "percent/discount",
    """
    price 60-400/4; off 5|10|15|20|25|30|40|50|60
    ? {a gadget} usually costs {$price}. In the sale, {A} gets {off%} off. >> How much does {A} pay?
    ? The price of {a gadget} was {$price} until a store lowered it by {off%}. {A} buys the {gadget} at the
      new price. >> How much does [{A}|{he}] pay?
    ? {A} buys {a gadget} that costs {$price}. {he} has a card that takes {off%} off the price. >> How much
      does {he} have to pay?
    ! 5-60: The store has been open for {noise} years.
    reduction = price * off / 100: {A} saves {=~dollar}
    sale_price = price - reduction: the {gadget} costs {=~dollar} then
    + extra_count 2-5; extra_price 4-20
      ? {A} also buys {extra_count~supply}, which are not reduced, for {$extra_price} each. >> How much does
        {A} pay in all?
      extras = extra_count * extra_price: the {supplys} cost {=~dollar}
      with_extras = it + extras: with them, it is {=~dollar}
    + shipping 3-15
      ? Shipping costs {$shipping} more. >> How much does {A} pay [in all|altogether]?
      with_shipping = it + shipping: with shipping, it is {=~dollar}
    > saved 10-150/5
      ? {A} has saved {$saved} so far. >> How much money does {A} still need?
      needed = it - saved: {A} still needs {=~dollar}
      > weekly 4-20
        ? {A} saves {$weekly} a week. >> How many weeks does {A} have to wait?
        weeks = needed / weekly: {A} has to wait {=~week}
    > hourly 7-20
      ? {A} earns {$hourly} an hour. >> How many hours does {he} have to work for this?
      hours = it / hourly: {A} has to work {=~hour}
    """,
)
TIP = template(
    "percent/tip",
    """
    meals 2-6; meal_price 8-30; drinks 2-6; drink_price 2-6; tip 10|15|20|25
    ? {A} invited {his} friends to {meals} meals for {$meal_price} each and {drinks} drinks for
      {$drink_price} each. {A} added a tip of {tip%} of the bill. >> How much did {A} pay in all?
    ? At a restaurant, {A} paid for {meals} meals at {$meal_price} each and {drinks} drinks at {$drink_price}
      each, and gave a tip of {tip%} of the bill. >> How much did {A} pay altogether?
    ? A dinner consisted of {meals} meals, {$meal_price} each, and {drinks} drinks, {$drink_price} each. {A}
      left a tip of {tip%} of the bill. >> What was the cost of the dinner with the tip?
    ! 10-60: They waited {noise} minutes for the food.
    for_meals = meals * meal_price: the meals cost {=~dollar}
    for_drinks = drinks * drink_price: the drinks cost {=~dollar}
    bill = for_meals + for_drinks: the bill was {=~dollar}
    tip_money = bill * tip / 100: the tip was {=~dollar}
    paid_all = bill + tip_money: with the tip, it was {=~dollar}
    """,
    ends=PAYING,
)
MEMBERS = template(
    "percent/members",
    """
    members 40-400/10; growth 5|10|20|25|30|40|50|60|75; left 4-60
    ? The {club} had {members} members. In spring, the number grew by {growth%}. In summer, {left} members
      left. >> How many members does the {club} have now?
    ? Last year, there were {members} people in the {club}. Since then, the number has risen by {growth%},
      and after that {left} people have left. >> How many people are in the {club} now?
    ? A {club} with {members} members became {growth%} larger, before {left} of its members moved away and
      left it. >> How many members did it have then?
    ! 2-40: The {club} was founded {noise} years ago.
    joined = members * growth / 100: {=~person/people} joined
    larger = members + joined: that made {=~member}
    now = larger - left: after some left, there {=^was/were} {=~member}
    > share 10|20|25|30|40|50|60|75
      ? {share%} of those in the club now are children. >> How many children is that?
      children = now * share / 100: there {=^is/are} {=~child/children}
      >
        ? >> How many members are not children?
        grown = now - children: {=~member} {=^is/are} not children
        > fee 5-30
          ? Each member who is not a child pays {$fee} a year. >> How much do they pay together in a year?
          fees = grown * fee: together they pay {=~dollar}
      > child_fee 2-12
        ? Each child pays {$child_fee} a year. >> How much do the children pay together in a year?
        child_fees = children * child_fee: the children pay {=~dollar}
    > yearly 5-40
      ? Each member pays {$yearly} a year. >> How much does the {club} get in a year?
      all_fees = now * yearly: the members pay {=~dollar}
      > rent 100-900/50
        ? The {club} pays {$rent} for rent. >> How much money remains?
        remaining = all_fees - rent: after paying the rent, there {=^is/are} {=~dollar}
    """,
)
SCHOOL = template(
    "percent/school",
    """
    students 100-900/20; active 10|20|25|30|40|50|60|70|75|80; girls 20|25|30|40|50|60|75|80
    ? There are {students} students at a school, and {active%} of them are in a sports team. Of these,
      {girls%} are girls. >> How many girls are in a sports team?
    ? {active%} of the {students} students at {A}'s school belong to a sports team. Girls make up {girls%} of
      the sports teams. >> How many girls are in the sports teams?
    ? Of {students} students, {active%} are in a sports team, and {girls%} of those are girls. >> How many
      girls is that?
    ! 10-50: The school has {noise} classrooms.
    players = students * active / 100: {=~student} {=^is/are} in a sports team
    girl_players = players * girls / 100: {=~girl} {=^is/are} in a sports team
    >
      ? >> How many boys are in the sports teams?
      boy_players = players - girl_players: the sports teams have {=~boy}
      >
        ? >> How many more girls than boys are in the sports teams?
        ? >> How much greater than the number of boys in the sports teams is the number of girls in them?
        difference = girl_players - boy_players: that is {=~girl} more
      > shirt 8-20
        ? Every boy in the teams gets a shirt for {$shirt}. >> How much do these shirts cost?
        shirts = boy_players * shirt: the shirts cost {=~dollar}
        > sponsor 100-900/50
          ? A sponsor gives {$sponsor} for them. >> How much of the cost of the shirts is not paid by the
            sponsor?
          unpaid = shirts - sponsor: {=~dollar} {=^is/are} not paid by the sponsor
    > bus 12-50
      ? The girls of the teams travel to a tournament in buses with {bus} seats. All seats are taken. >> How
        many buses are there?
      buses = girl_players / bus: there {=^is/are} {=~bus}
    """,
)
INTEREST = template(
    "percent/interest",
    """
    deposit 100-3000/50; rate 2-10; years 2-8
    ? {A} put {$deposit} into a bank. Every year, the bank pays {rate%} of the {$deposit} as interest. >> How
      much money does {A} have after {years~year}?
    ? A bank pays {rate%} of the first deposit as interest each year. {A} deposited {$deposit}. >> How much
      is in the account after {years~year}?
    ? For {years~year}, {A} left {$deposit} in a bank account. The interest for a year was {rate%} of these
      {$deposit}. >> How much money was in the account in the end?
    ! 3-20: The bank is {noise} miles from {A}'s home.
    yearly = deposit * rate / 100: the interest is {=~dollar} a year
    interest = yearly * years: in {years~year}, that is {=~dollar}
    account = deposit + interest: the account then holds {=~dollar}
    > taken 50-900/10
      ? Then {A} took out {$taken}. >> How much money was left in the account?
      left = account - taken: {=~dollar} {=^was/were} left
      > share 2-5
        ? {A} gave {1/share} of the rest to {his} {relative}. >> How much did {A} keep?
        given = left / share: the {relative} got {=~dollar}
        kept = left - given: {A} kept {=~dollar}
    > goal 500-5000/100
      ? {A} needs {$goal} for a used car. >> How much is missing after these {years~year}?
      missing = goal - account: {=~dollar} {=^is/are} missing
      > monthly 20-200/10
        ? From then on, {A} puts aside {$monthly} a month. >> How many months does it take to save the rest?
        months = missing / monthly: it takes {=~month}
    """,
)
TEST_SCORE = template(
    "percent/test",
    """
    questions 20-80/5; right 40|50|60|70|75|80|90; points 2-5; minus 1-2; minus < points
    ? {a subject} test has {questions} questions. {A} answered {right%} of them correctly and all the others
      wrong. A correct answer brings {points} points, and for a wrong one, {A} loses {minus~point}. >> How
      many points did {A} get?
    ? In a quiz with {questions} questions, a correct answer is worth {points} points, and a wrong answer
      costs {minus~point}. {A} got {right%} of the answers right and the rest wrong. >> How many points did
      {A} have in the end?
    ? {A} answered all {questions} questions of {a subject} test, {right%} of them correctly. For each
      correct answer there are {points} points, and each wrong answer takes away {minus~point}. >> What was
      {A}'s score?
    ! 30-90: The test took {noise} minutes.
    correct = questions * right / 100: {A} had {=~correct answer}
    wrong = questions - correct: {A} had {=~wrong answer}
    gained = correct * points: the correct answers brought {=~point}
    lost = wrong * minus: the wrong answers cost {=~point}
    score = gained - lost: {A} got {=~point}
    > ahead 2-20
      ? {B} got {ahead} points more than {A}. >> How many points did the two get together?
      other = score + ahead: {B} got {=~point}
      both = score + other: together they got {=~point}
      >
        ? >> What was the average of their scores?
        mean = both / 2: the average was {=~point}
    > needed 40-300/10
      ? For a prize, {needed} points are needed. >> How many points was {A} short of the prize?
      short = needed - score: {A} was {=~point} short
    """,
)
TWO_STORES = template(
    "percent/two_stores",
    """
    first_price 40-300/10; off 5|10|15|20|25|30|40; second_price 40-300/5; coupon 5-40/5; difference < 60
    ? {a gadget} costs {$first_price} in one store, which takes {off%} off today. In another store it costs
      {$second_price}, and {A} has a coupon for {$coupon} there. {A} goes where it is cheaper. >> How much
      does {A} save compared with the other store?
    ? {A} can buy {a gadget} online for {$first_price} with {off%} off or in town for {$second_price} with a
      coupon for {$coupon}. Online is more expensive. >> How many dollars more does it cost online?
    ? One store offers {a gadget} for {$first_price} less {off%}, another one for {$second_price} less
      {$coupon}. The second offer is the better one. >> By how many dollars is it better?
    ! 2-30: {A} lives {noise} miles from the nearest store.
    reduction = first_price * off / 100: the first reduction is {=~dollar}
    first_cost = first_price - reduction: the first offer costs {=~dollar}
    second_cost = second_price - coupon: the second offer costs {=~dollar}
    difference = first_cost - second_cost: the second is cheaper by {=~dollar}
    > several 2-6
      ? {A} needs {several} {gadgets} for {his} school. >> How much does {A} save by buying all {several} at
        the better price?
      all_saved = difference * several: on all of them, {A} saves {=~dollar}
    > buys 2-5; budget 300-1500/50
      ? {A} buys {buys} {gadgets} at the better price for the school, which has {$budget} for this. >> How
        much money is left?
      for_all = second_cost * buys: they cost {=~dollar}
      left = budget - for_all: there {=^is/are} {=~dollar} left
    """,
)
WHAT_PERCENT = template(
    "percent/what_percent",
    """
    red 4-40; blue 4-40; green 4-40
    ? A bag holds {red} red, {blue} blue and {green} green {collectibles}. >> What percent of the
      {collectibles} are red?
    ? {A} has {red} red {collectibles}, {blue} blue ones and {green} green ones. >> What percentage of {A}'s
      {collectibles} is red?
    ? In {A}'s box, there are {blue} blue, {green} green and {red} red {collectibles}. >> What percent of
      them are red?
    ! 2-20: The {collectibles} are {noise} years old.
    all_pieces = red + blue + green: there {=^is/are} {=~collectible}
    
    percent = red * 100 / all_pieces: the red ones make up {=} percent
    + more_red 2-20
      ? Then {more_red} more red ones are added. >> What percent of the {collectibles} are red then?
      red_now = red + more_red: there {=^is/are} {=~red one} then
      all_now = all_pieces + more_red: there {=^is/are} {=~collectible} in all
      
      percent_now = red_now * 100 / all_now: the red ones make up {=} percent then
    >
      ? >> What percent of the {collectibles} are not red?
      not_red = 100 - it: the others make up {=} percent
    """,
)
PERCENTAGES = (DISCOUNT, TIP, MEMBERS, SCHOOL, INTEREST, TEST_SCORE, TWO_STORES, WHAT_PERCENT)
