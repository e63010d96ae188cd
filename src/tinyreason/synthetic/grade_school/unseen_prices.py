"""Templates held apart from training: tariffs, currencies, coins, meters, recipes."""

from tinyreason.synthetic.grade_school.templates import template

TAXI = template(
    "unseen/taxi",
    """
    base 3-9; per_mile 2-5; miles 4-30; luggage 1-3; pieces 2-5
    ? A taxi charges {$base} for getting in, {$per_mile} for every mile and {$luggage} for every suitcase.
      {A} takes it for {miles} miles with {pieces} suitcases. >> What is the fare?
    ? The fare of a taxi is made up of {$base} at the start, {$per_mile} a mile and {$luggage} for each
      suitcase. {A} rides {miles} miles in it and has {pieces} suitcases. >> How much does the ride cost {A}?
    ? {A} comes from the airport with {pieces} suitcases and needs a taxi for {miles} miles. Every ride
      starts at {$base}. A mile adds {$per_mile} and a suitcase {$luggage}. >> How much does {A} have to pay?
    ! 4-60: {A} waited {noise} minutes for the taxi.
    for_miles = per_mile * miles: the miles cost {=~dollar}
    for_suitcases = luggage * pieces: the suitcases cost {=~dollar}
    fare = base + for_miles + for_suitcases: the fare is {=~dollar}
    + tip 2-9
      ? {A} adds a tip of {$tip}. >> What does {A} pay altogether, with the tip?
      with_tip = it + tip: with the tip, it is {=~dollar}
    + wait 3-15; per_minute 1-2
      ? On the way, the taxi waits for {wait} minutes, at {$per_minute} a minute. >> How much does the whole
        ride cost?
      waiting = wait * per_minute: waiting costs {=~dollar}
      with_waiting = it + waiting: with the waiting, it is {=~dollar}
    > train 5-40; bus 2-6
      ? The train would have cost {$train} and a bus to the station {$bus}. >> How much more than train and
        bus is the taxi?
      other_way = train + bus: train and bus cost {=~dollar}
      more = it - other_way: the taxi costs {=~dollar} more
    > riders 2-4
      ? {riders} people ride together and divide everything that {A} pays equally. >> How much is that for
        each of them?
      each = it / riders: for each, it is {=~dollar}
    """,
)
GARAGE = template(
    "unseen/garage",
    """
    first 3-9; further 2-5; hours 3-12; days 2-6; further < first
    ? In a parking garage, the first hour costs {$first} and each further hour {$further}. On each of {days}
      days, {A} leaves {his} car there for {hours} hours. >> How much does {A} pay for these days?
    ? {A} parks for {hours} hours a day in a garage that takes {$first} for the first hour of a day and
      {$further} for every other hour. >> What does the parking cost for {days} days?
    ? For {days} days, {A}'s car stands in a garage for {hours} hours a day. Each day, the garage charges
      {$first} for the first hour and then {$further} an hour. >> How high is the sum that {A} has to pay?
    ! 100-800/20: The garage has room for {noise} cars.
    further_hours = hours - 1: after the first hour, there {=^is/are} {=~hour}
    for_further = further_hours * further: they cost {=~dollar}
    per_day = first + for_further: a day costs {=~dollar}
    in_all = per_day * days: for {days} days, that is {=~dollar}
    > pass_price 20-200/5
      ? A pass for these days would have cost {$pass_price}. >> How much would {A} have saved with the pass?
      saved = in_all - pass_price: {A} would have saved {=~dollar}
      > wash 2-9
        ? With what a pass would have saved, {A} could have had the car washed at {$wash} each time. >> How
          many times is that?
        washes = saved / wash: that is {=~time}
    > train 2-9
      ? The train would have cost {$train} a day. >> How much more than the train did {A} pay on these days?
      by_train = train * days: the train would have cost {=~dollar}
      more = in_all - by_train: {A} paid {=~dollar} more
      > friends 2-3
        ? {A} shared what the car cost more than the train with {friends} friends, so that all paid the same.
          >> How much of it did each of them pay?
        sharers = friends + 1: there {=^was/were} {=~person/people} to share it
        each = more / sharers: each of them paid {=~dollar}
    """,
)
EXCHANGE = template(
    "unseen/exchange",
    """
    dollars 50-400/10; rate 4-12; fee 5-40; nights 2-7; night 30-200/5
    ? Before a trip, {A} changes {$dollars} into crowns. For one dollar, the bank gives {rate} crowns, and it
      keeps {fee} crowns of the sum as a fee. On the trip, {A} stays {nights} nights for {night} crowns a
      night. >> How many crowns are left?
    ? A dollar is worth {rate} crowns. {A} exchanges {$dollars}, pays a fee of {fee} crowns and then spends
      {night} crowns a night for {nights} nights in a hostel. >> How many crowns does {A} still have?
    ? {A} gets {rate} crowns for each of {his} {dollars} dollars. From these crowns, {he} pays the bank a fee
      of {fee} crowns and a hostel {night} crowns for each of {nights} nights. >> How many crowns remain?
    ! 2-12: The flight took {noise} hours.
    crowns = dollars * rate: the dollars are worth {=~crown}
    received = crowns - fee: after the fee, {A} has {=~crown}
    hostel = nights * night: the hostel costs {=~crown}
    left = received - hostel: there {=^is/are} {=~crown} left
    >
      ? {A} changes the remaining crowns back at the same rate, without a fee. >> How many dollars does {A}
        get for them?
      back = left / rate: {A} gets {=~dollar} for them
      >
        ? >> How many dollars did the trip cost {A} in the end, with the fee?
        trip = dollars - back: the trip cost {=~dollar}
    > gifts 2-9; gift 10-60/5
      ? With the remaining crowns, {A} buys {gifts} souvenirs for {gift} crowns each. >> How many crowns are
        left after that?
      for_gifts = gifts * gift: the souvenirs cost {=~crown}
      after_gifts = left - for_gifts: {=~crown} {=^is/are} left
    """,
)
METER = template(
    "unseen/meter",
    """
    old 1000-6000; ~units 20-200; new = old + units; price 2-6; base 8-40
    ? At the beginning of the month, {A}'s water meter showed {old}, at the end {new}. A unit of water costs
      {$price}, and a basic fee of {$base} a month is added. >> How much is the bill?
    ? The reading of a water meter went up from {old} to {new} within a month. Each unit costs {$price}, and
      there is a basic fee of {$base}. >> How many dollars must be paid for this month?
    ? {A} pays {$base} a month for the connection and {$price} for each unit of water. Last month the meter
      went from {old} to {new}. >> What did {A} pay for the water and the connection?
    ! 2-40: The meter is {noise} years old.
    units = new - old: {=~unit} {=^was/were} used
    for_units = units * price: they cost {=~dollar}
    bill = for_units + base: with the basic fee, it is {=~dollar}
    > flatmates 2-5
      ? {flatmates} people live in the flat and split the bill fairly. >> What is each one's part?
      each = bill / flatmates: each one's part is {=~dollar}
    > months 2-11; paid_before 100-4000/50
      ? The bill is the same for {months} months, and {$paid_before} have been paid in advance. >> How much
        is still to be paid for these months?
      all_months = bill * months: for {months} months, it is {=~dollar}
      still = all_months - paid_before: {=~dollar} {=^is/are} still to be paid
    """,
)
COINS = template(
    "unseen/coins",
    """
    quarters 4-40; dimes 5-50; nickels 2-30
    ? In a jar, there are {quarters} quarters, {dimes} dimes and {nickels} nickels. >> How many cents are in
      the jar?
    ? {A} empties {his} pockets and finds {nickels} nickels, {dimes} dimes and {quarters} quarters. >> What
      are these coins worth in cents?
    ? A machine sorts {dimes} dimes, {quarters} quarters and {nickels} nickels. >> What is their value
      together, in cents?
    ! 2-30: Between them lie {noise} old stamps.
    from_quarters = quarters * 25: the quarters make {=~cent}
    from_dimes = dimes * 10: the dimes make {=~cent}
    from_nickels = nickels * 5: the nickels make {=~cent}
    cents = from_quarters + from_dimes + from_nickels: in all, it is {=~cent}
    > price 30-95/5
      ? One stick of gum is {price} cents. >> How many sticks of gum can be bought for all of it?
      sticks = cents / price: that is enough for {=~stick}
    > taken 2-4
      ? Then {taken} of the quarters are taken away. >> How many cents are left?
      lost = taken * 25: {=~cent} {=^is/are} taken away
      left = cents - lost: {=~cent} {=^is/are} left
    """,
)
RISING_SAVINGS = template(
    "unseen/rising_savings",
    """
    first 3-30; rise 2-12
    ? For four months, {A} lays money aside, {$first} in the first month and in every month {$rise} more than
      in the month before. >> How much has {A} laid aside after the four months?
    ? {A} saves money from January to April. In January, it is {$first}, and from then on, {he} saves {$rise}
      more each month than in the one before. >> How much does {A} save in these four months?
    ? {A}'s plan for four months: {$first} in the first, and each month {$rise} more than in the last. >>
      What is the sum of the four amounts?
    ! 2-9: {A}'s piggy bank weighs {noise} ounces.
    second = first + rise: in the second month, it is {=~dollar}
    third = second + rise: in the third month, it is {=~dollar}
    fourth = third + rise: in the fourth month, it is {=~dollar}
    laid_aside = first + second + third + fourth: in the four months, it is {=~dollar}
    > target 60-400/5
      ? A concert costs {$target}. >> How much does {A} lack after these months?
      lacking = target - laid_aside: {A} lacks {=~dollar}
      > donors 2-6
        ? {donors} relatives give {A} what is missing, in equal parts. >> What does each relative give?
        donation = lacking / donors: each relative gives {=~dollar}
    > half_part 2-4; cost 3-30
      ? {A} gives {1/half_part} of the whole sum to a children's home and buys {a treat} for {$cost} from the
        rest. >> How much of the sum is left?
      donated = laid_aside / half_part: the children's home gets {=~dollar}
      rest = laid_aside - donated: {=~dollar} {=^is/are} not given away
      after_treat = rest - cost: after buying the {treat}, {A} has {=~dollar}
    """,
)
DATA_PLAN = template(
    "unseen/data_plan",
    """
    flat 15-40; included 3-12; extra 2-9; used 8-30; included < used
    ? {A}'s phone contract costs {$flat} a month and includes {included} gigabytes of data. Every gigabyte
      beyond that costs {$extra}. In May, {A} used {used} gigabytes. >> How high was the bill for May?
    ? For {$flat} a month, {A} may use {included} gigabytes of data. Each further one costs {$extra}. This
      month, it was {used} gigabytes. >> How many dollars does {A} pay this month?
    ? With {used} gigabytes, {A} used more data than the {included} gigabytes in {his} contract. The contract
      costs {$flat} a month, and a gigabyte on top costs {$extra}. >> What does {A} have to pay for the
      month?
    ! 5-90: {A} made {noise} calls in that month.
    beyond = used - included: {A} used {=~gigabyte} too much
    for_extra = beyond * extra: the extra data costs {=~dollar}
    bill = flat + for_extra: the bill is {=~dollar}
    + calls 5-40; per_call 1-3
      ? {A} also made {calls} calls abroad for {$per_call} each. >> How high was the whole bill?
      for_calls = calls * per_call: the calls cost {=~dollar}
      with_calls = it + for_calls: with the calls, the bill is {=~dollar}
    + bonus 2-9
      ? As a new customer, {A} got {$bonus} back. >> How much did {A} pay in the end?
      after_bonus = it - bonus: with {$bonus} back, it is {=~dollar}
    > other_flat 25-80
      ? A contract with all data and calls included costs {$other_flat} a month. >> How much would {A} have
        saved with that one?
      saved = it - other_flat: {A} would have saved {=~dollar}
      >
        ? >> How much would {A} have saved with it in a year with twelve such months?
        in_year = saved * 12: in a year, it would be {=~dollar}
    """,
)
RECIPE = template(
    "unseen/recipe",
    """
    ~portion 20-150/5; usual 2-8; grams = portion * usual; guests 3-24; guests != usual
    ? A recipe for {usual} people takes {grams} grams of rice. {A} cooks it for {guests} people. >> How many
      grams of rice does {A} need?
    ? With {grams} grams of lentils, a soup is enough for {usual} people. {A} expects {guests} people. >> How
      many grams of lentils should {A} take?
    ? {A} uses {grams} grams of noodles when {he} cooks for {usual} people. Today, {he} cooks for {guests}.
      >> How many grams of noodles does {A} need today?
    ! 15-60: It cooks for {noise} minutes.
    portion = grams / usual: for one person, it is {=~gram}
    needed = portion * guests: for {guests} people, it is {=~gram}
    + seconds 2-6
      ? {A} plans another {seconds} portions for those who are very hungry. >> How many grams does {A} need
        in all?
      for_seconds = seconds * portion: these portions take {=~gram}
      with_seconds = it + for_seconds: with them, it is {=~gram}
    > pack 100-500/50
      ? It comes in packs of {pack} grams. >> How many packs does {A} need?
      packs = it / pack: that takes {=~pack}
      > pack_price 2-6
        ? A pack costs {$pack_price}. >> How much do these packs cost?
        price = packs * pack_price: they cost {=~dollar}
        > herbs 2-15
          ? {A} also spends {$herbs} on herbs. >> How much does {A} spend altogether?
          with_herbs = price + herbs: with the herbs, it is {=~dollar}
          > cooks 2-4
            ? {cooks} friends pay for all of this in equal parts. >> How much does each of these friends pay?
            each = with_herbs / cooks: each of them pays {=~dollar}
    > home 100-900/50; missing < 600
      ? {A} has {home} grams at home. >> How many grams are missing?
      missing = it - home: there {=^is/are} {=~gram} missing
    """,
)
UNSEEN_PRICES = (TAXI, GARAGE, EXCHANGE, METER, COINS, RISING_SAVINGS, DATA_PLAN, RECIPE)
