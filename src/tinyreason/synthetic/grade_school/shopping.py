"""Shopping: totals and change, prices worked out from change, offers, outings, budgets."""

from tinyreason.synthetic.grade_school.continuations import COUPON, MONEY_CHANGES, PAYING
from tinyreason.synthetic.grade_school.templates import piece, template

TWO_KINDS = template(
    "money/two_kinds",
    """
    first_count 2-9; first_price 2-12; second_count 2-9; second_price 2-12; first_price != second_price
    ? {A} bought {first_count~supply} for {$first_price} each and {second_count~supply2} for {$second_price}
      each. >> How much did {A} [have to pay|pay in all|spend]?
    ? At the store, {A} put {first_count~supply} and {second_count~supply2} into {his} basket. {a supply}
      costs {$first_price} there, and {a supply2} costs {$second_price}. >> How [much did {A} have to
      pay|high was the bill]?
    ? For the new school year, {A} needed {first_count~supply} at {$first_price} each. {he} also bought
      {second_count~supply2} at {$second_price} each. >> How much did [{A}|{he}] pay [in total|altogether]?
    ? One {supply} costs {$first_price} and one {supply2} costs {$second_price}. {A} bought {first_count}
      {supplys} and {second_count} {supply2s}. >> How much did {A} spend?
    ! 2-15: The store also sells {supply3s} for {$noise} each, but {A} did not buy any.
    ! 10-45: It took {A} {noise} minutes to get to the store.
    first_cost = first_count * first_price: the {supplys} cost {=~dollar}
    second_cost = second_count * second_price: the {supply2s} cost {=~dollar}
    cost = first_cost + second_cost: [together they cost|everything together cost|the total was] {=~dollar}
    + third_count 2-6; third_price 2-10
      ? {A} also took {third_count~supply4} for {$third_price} each. >> How much did {A} pay [in
        all|altogether]?
      ? {he} found {third_count} {supply4s}, too, at {$third_price} apiece. >> How much did {A} spend [in
        all|altogether]?
      third_cost = third_count * third_price: the {supply4s} cost {=~dollar}
      with_third = it + third_cost: with them, the total was {=~dollar}
    """,
    changes=[COUPON],
    ends=PAYING,
)
PRICE_OF_ONE = template(
    "money/price_of_one",
    """
    ~each 2-12; count 2-9; other 3-25; back 1-19; paid = each * count + other + back
    ? {A} bought {count} {supplys}, all at the same price, and {a treat} for {$other}. {he} paid with {$paid}
      and got {$back} back. >> How much did one {supply} cost?
    ? After buying {a treat} for {$other} and {count} {supplys} of equal price, {A} had {$back} left of
      {$paid}. >> [What was the price of one {supply}|How much was each {supply}]?
    ? {A} gave the cashier {$paid} for {count} equal {supplys} and {a treat}, and got {$back} in change. The
      {treat} cost {$other}. >> How much did each {supply} cost?
    ! 2-9: {A} carried {his} shopping home in {noise} minutes.
    spent = paid - back: {A} spent {=~dollar}
    for_all = spent - other: [of this, the {supplys} cost|without the {treat}, that is] {=~dollar}
    each = for_all / count: one {supply} cost {=~dollar}
    > more 2-12
      ? >> How much would {more} of these {supplys} cost?
      ? The next day, {A} bought {more} more of these {supplys}. >> How much did the {supplys} of that day
        cost?
      more_cost = each * more: {more} of them cost {=~dollar}
      > bonus 1-9
        ? For so many, the store takes {$bonus} off the price. >> How much would {more} of the {supplys} cost
          then?
        reduced = more_cost - bonus: with the reduction, they cost {=~dollar}
    > times 2-4
      ? {a supply2} costs {times*} as much as {a supply}, and {B} buys one {supply2} and two {supplys}. >>
        How much does {B} pay?
      dear = each * times: {a supply2} costs {=~dollar}
      pair = each * 2: two {supplys} cost {=~dollar}
      friend_pays = dear + pair: {B} pays {=~dollar}
    """,
)
PACKS = template(
    "money/packs",
    """
    ~packs 2-8; pack_size 3-12; single 2-9; pack_price 5-60; count = packs * pack_size;
    pack_price < single * pack_size; single * pack_size < pack_price * 2
    ? A single {supply} costs {$single}, but a pack of {pack_size} costs only {$pack_price}. {A} needs
      {count} {supplys}. >> How much does {A} save by buying packs instead of single {supplys}?
    ? In one store, {supplys} are {$single} each. Another store sells packs of {pack_size} for {$pack_price}.
      {A} wants {count} {supplys}. >> How much cheaper are the packs?
    ? {A} has to buy {count} {supplys}. {he} can buy them one by one for {$single} each or in packs of
      {pack_size} for {$pack_price} a pack. >> How much money does {A} save with packs?
    ! 2-9: The store has {noise} cash registers.
    one_by_one = count * single: one by one, the {supplys} cost {=~dollar}
    packs = count / pack_size: {A} needs {=~pack}
    in_packs = packs * pack_price: the packs cost {=~dollar}
    saved = one_by_one - in_packs: {A} saves {=~dollar}
    > fare 2-6; tickets < 25
      ? With the money saved by buying packs, {A} buys bus tickets for {$fare} each. >> How many bus tickets
        can {A} buy?
      tickets = saved / fare: that is enough for {=~bus ticket}
    > months 2-6
      ? {A} needs that many {supplys} every month. >> How much does {A} save with packs in {months~month}?
      in_months = saved * months: in {months~month}, {A} saves {=~dollar}
    """,
)
OUTING = template(
    "money/outing",
    """
    adults 2-6; adult_price 8-25; children 2-9; child_price 4-12; child_price < adult_price
    ? {adults} adults and {children} children went to the {outing}. A ticket cost {$adult_price} for an adult
      and {$child_price} for a child. >> How much did all the tickets cost?
    ? A group of {adults} adults and {children} children visited the {outing}, where adults pay
      {$adult_price} and children pay {$child_price}. >> How much did the group pay for the tickets?
    ? {A} and {his} friends went to the {outing} with their families, {adults} adults and {children} children
      in all. The tickets were {$adult_price} for adults and {$child_price} for children. >> How much did
      they pay [for them|altogether]?
    ! 9-60: The bus to the {outing} took {noise} minutes.
    ! 100-900/50: The {outing} had {noise} visitors that day.
    for_adults = adults * adult_price: the tickets of the adults cost {=~dollar}
    for_children = children * child_price: the tickets of the children cost {=~dollar}
    tickets = for_adults + for_children: all tickets together cost {=~dollar}
    + drink 2-5
      ? Everyone in the group also had a drink for {$drink}. >> How much did the group spend [altogether|in
        all]?
      ? The group bought a drink for each adult and each child, at {$drink} a drink. >> How much did the
        group pay in all?
      people = adults + children: there were {=} people in the group
      drinks = people * drink: the drinks cost {=~dollar}
      with_drinks = it + drinks: with the drinks, it was {=~dollar}
    + parking 5-20
      ? Parking cost another {$parking}. >> How much did the group spend in all?
      with_parking = it + parking: with the parking, they paid {=~dollar}
    + rebate 5-30/5
      ? As there were so many of them, the group got {$rebate} back. >> How much did the group pay [in the
        end|in all]?
      after_rebate = it - rebate: with {rebate~dollar} back, it was {=~dollar}
    > purse 100-600/20; left < 200
      ? The group had {$purse} for this day. >> How much money was left?
      left = purse - it: the group had {=~dollar} left
    > households 2-5
      ? The {households} families of the group shared the cost equally. >> How much did each family pay?
      per_household = it / households: each family paid {=~dollar}
    """,
)
SAVING = template(
    "money/weeks_of_saving",
    """
    ~weeks 3-20; start 10-80; allowance 5-15; earned 5-20; price = start + weeks * (allowance + earned)
    ? {A} wants to buy {a gadget} that costs {$price}. {he} already has {$start}. Every week {he} gets
      {$allowance} of pocket money and earns {$earned} by {chore}, and {he} saves all of it. >> How many
      weeks does {A} need [to save enough|until {he} can buy the {gadget}]?
    ? {a gadget} costs {$price}, and {A} has saved {$start} so far. {he} puts aside {$allowance} of pocket
      money and {$earned} from {chore} each week. >> After how many weeks can {A} buy the {gadget}?
    ? {A} is saving for {a gadget} at a price of {$price}. {his} savings are {$start} now, and they grow by
      {$allowance} of pocket money and {$earned} from {chore} every week. >> How many weeks will it take {A}
      to reach the price?
    ! 2-9: {B} has had {a gadget} for {noise} years.
    missing = price - start: {A} still needs {=~dollar}
    weekly = allowance + earned: {A} saves {=~dollar} a week
    weeks = missing / weekly: it takes {=~week}
    > gift 10-60/5
      ? {A}'s {giver} now gives {him} {$gift} for the {gadget}. >> How many weeks does {A} have to save then?
      still_missing = missing - gift: with the gift, {A} still needs {=~dollar}
      fewer_weeks = still_missing / weekly: it takes {=~week}
      >
        ? >> How many weeks sooner than without this gift can {A} buy the {gadget}?
        sooner = weeks - fewer_weeks: that is {=~week} sooner
    >
      ? >> How many days does {A} have to save for the {gadget}?
      days = weeks * 7: that is {=~day}
    """,
)
FREE_ONES = template(
    "money/one_free",
    """
    ~groups 2-9; buys 2|3|4; price 2-9; count = groups * (buys + 1)
    ? For every {buys} {supplys} that a customer bought, the store added one for free. {a supply} cost
      {$price}. {A} left the store with {count} {supplys}, as many of them free as possible. >> How much did
      {A} pay?
    ? Whoever bought {buys} {supplys} got another one free. {A} needed {count} {supplys} and used this offer.
      Each cost {$price}. >> How much did {A} have to pay with this offer?
    ? A store had an offer: buy {buys} {supplys} and get one more free. The price of {a supply} was {$price},
      and {A} took {count} of them home. >> How much did {A} pay?
    ! 3-20: The offer was good for {noise} days.
    size = buys + 1: with the free one, a group has {=~supply}
    groups = count / size: {A} took {=} such groups
    paid_ones = groups * buys: {A} paid for {=~supply}
    cost = paid_ones * price: these cost {=~dollar}
    """,
    changes=[COUPON],
    ends=PAYING,
)
CENTS = template(
    "money/cents",
    """
    first_count 2-9; first_price 0.25-1.75/0.25; second_count 2-6; second_price 0.5-4.75/0.25;
    first_price != second_price
    ? {A} bought {first_count~fruit} for {$first_price} each and {second_count~baked} for {$second_price}
      each. >> How much did {A} pay?
    ? At the market, {a fruit} costs {$first_price} and {a baked} costs {$second_price}. {A} took
      {first_count} {fruits} and {second_count} {bakeds}. >> How much did {A} have to pay?
    ? {A}'s shopping bag holds {first_count~fruit} at {$first_price} each and {second_count~baked} at
      {$second_price} each. >> What did everything cost [together|in all]?
    ! 5-25: {A} waited in line for {noise} minutes.
    first_cost = first_count * first_price: the {fruits} cost {=~dollar}
    second_cost = second_count * second_price: the {bakeds} cost {=~dollar}
    cost = first_cost + second_cost: [together they cost|the total was] {=~dollar}
    + bag_price 0.5-3.75/0.25
      ? {A} also bought a bag for {$bag_price}. >> How much did {A} pay [in all|altogether]?
      with_bag = it + bag_price: with the bag, the total was {=~dollar}
    + juices 2-4; juice_price 1.25-3.75/0.25
      ? {A} took {juices} bottles of juice for {$juice_price} each, too. >> How much did {A} pay altogether?
      juice_cost = juices * juice_price: the juice cost {=~dollar}
      with_juice = it + juice_cost: with the juice, the total was {=~dollar}
    > paid 10|20|50|100; back < 40
      ? {A} paid with {$paid}. >> How much change did {A} get?
      back = paid - it: {A} got {=~dollar} back
    > sharers 2-5
      ? {A} and {his} friends, {sharers} people in all, shared the cost equally. >> How much did each of them
        pay?
      each_paid = it / sharers: each of them paid {=~dollar}
    """,
    parts=100,
)
BUDGET = template(
    "money/budget",
    """
    budget 80-400/5; garment_price 12-60; count 2-5; each_price 8-40
    ? {A} went shopping with {$budget}. {he} bought {a garment} for {$garment_price} and {count~garment2} for
      {$each_price} each. >> How much money did {A} have left?
    ? {A} had {$budget} for new clothes. {count} {garment2s} cost {him} {$each_price} each, and {a garment}
      cost {$garment_price}. >> How much money is left?
    ? With {$budget} in {his} pocket, {A} bought {count~garment2} at {$each_price} apiece and {a garment} for
      {$garment_price}. >> How much of the money did {A} still have?
    ! 10-70: {A} walked past {noise} stores on the way.
    several = count * each_price: the {garment2s} cost {=~dollar}
    clothes = garment_price + several: [together with the {garment}, that was|the clothes cost] {=~dollar}
    left = budget - clothes: {A} had {=~dollar} left
    """,
    changes=MONEY_CHANGES,
    ends=[
        piece("""
            lunch_price 6-20; lunches < 20
            ? {A} spent all the money that was left on lunches for {$lunch_price} each. >> How many lunches
              was that?
            lunches = it / lunch_price: that was {=~lunch}
        """)
    ],
)
INSTALLMENTS = template(
    "money/installments",
    """
    ~monthly 10-60; months 3-12; trade 20-120/5; down 20-150/10; price = trade + down + monthly * months
    ? {a gadget} costs {$price}. {A} gives the store {his} old one for {$trade} and pays {$down} at once.
      {he} pays the rest in {months} equal monthly payments. >> How much is each monthly payment?
    ? {A} buys {a gadget} for {$price}. The store takes {his} old one for {$trade}, {A} pays {$down} in cash,
      and the rest is split into {months} equal monthly payments. >> How much does {A} pay each month?
    ? The price of {a gadget} is {$price}. For {his} old one, {A} gets {$trade} off. {he} pays {$down} now
      and the rest in {months} equal parts, one each month. >> How [high|large] is one part?
    ! 2-9: {A}'s old {gadget} was {noise} years old.
    after_trade = price - trade: with the old one traded in, {=~dollar} remain
    rest = after_trade - down: after the first payment, {A} owes {=~dollar}
    monthly = rest / months: each month, {A} pays {=~dollar}
    > wage 8-20
      ? {A} earns {$wage} an hour. >> How many hours a month does {A} have to work for the payment?
      hours = monthly / wage: {A} has to work {=~hour} a month
    > fee 2-9
      ? The store adds a fee of {$fee} to each of the monthly payments. >> How much does {A} pay each month,
        with the fee?
      with_fee = monthly + fee: with the fee, it is {=~dollar} a month
      >
        ? >> How much does {A} pay in all the months together, with the fee?
        all_months = with_fee * months: in {months} months, {A} pays {=~dollar}
        >
          ? >> How much money does {A} spend on the {gadget} altogether, with the fees but not counting the
            old one?
          altogether = all_months + down: with the first payment, it is {=~dollar}
    """,
)
SHOPPING = (TWO_KINDS, PRICE_OF_ONE, PACKS, OUTING, SAVING, FREE_ONES, CENTS, BUDGET, INSTALLMENTS)
