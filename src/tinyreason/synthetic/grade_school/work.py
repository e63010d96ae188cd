"""Work done at a steady rate by people, machines and pipes."""

from tinyreason.synthetic.grade_school.templates import template

MACHINES = template(
    "rates/machines",
    """
    rate 2-12; machines 2-6; hours 2-8
    ? A factory has {machines} machines. Each of them made {rate} {wares} a minute, and all of them ran for
      {hours~hour}. >> How many {wares} did the machines make?
    ? {machines} machines ran for {hours~hour} in a factory. Every machine produced {rate} {wares} per
      minute. >> How many {wares} were produced?
    ? One machine makes {rate} {wares} a minute. Yesterday, {machines} such machines ran for {hours~hour}. >>
      How many {wares} did they make in all?
    ! 20-90: {noise} people work in the factory.
    ! 5-30: The factory is {noise} years old.
    per_hour = rate * 60: one machine makes {=~ware} an hour
    all_per_hour = per_hour * machines: [all of the machines|the {machines} machines] make {=~ware} an hour
    made = all_per_hour * hours: in {hours~hour}, they made {=~ware}
    + broken 4-60/4
      ? {broken} of the {wares} were [broken|damaged] and had to be thrown away. >> How many good {wares}
        were left?
      good = it - broken: without the {broken} bad ones, there {=^was/were} {=~ware}
    + stored 20-200/10
      ? There were already {stored} {wares} in the storeroom. >> How many {wares} did the factory have then?
      with_stored = it + stored: with those in the storeroom, there {=^was/were} {=~ware}
    > box_size 12|20|24|30|40|48|50|60
      ? The {wares} were packed into boxes of {box_size}. >> How many boxes were filled?
      boxes = it / box_size: they filled {=~box}
      > load 5-40
        ? A truck takes {load} boxes at a time. >> How many trips does it take to deliver all of the boxes?
        trips = boxes / load: it takes {=~trip}
      > box_price 5-30
        ? Every box is sold for {$box_price}. >> How much do all of the boxes bring in?
        income = boxes * box_price: the boxes bring in {=~dollar}
    """,
)
PAINTERS = template(
    "rates/painters",
    """
    workers 2-9; days 2-15; others 2-12; workers < others
    ? {workers} painters need {days~day} to paint a [school|hotel|hospital]. All painters work equally fast,
      and this time there are {others} of them. >> How many days will they need?
    ? It takes {workers} painters {days~day} to paint a [large house|museum|bridge]. >> How many days does it
      take {others} painters who work at the same speed?
    ? Last time, {workers} painters painted the [town hall|theater|station] in {days~day}. Now {others}
      painters, each as fast as those, are going to do the same job. >> How many days will they need?
    ? A [house|theater|factory] was painted by {workers} painters in {days~day}. >> In how many days could
      {others} painters, each as fast as those, have done the job?
    ! 4-30: The building has {noise} windows on the street side.
    ! 20-90: {noise} gallons of paint were ordered.
    work = workers * days: one painter alone would need {=~day}
    time = work / others: {others} painters need {=~day}
    >
      ? >> How many days less do the {others} painters need?
      ? >> How many days sooner are {others} painters done than {workers}?
      saved_days = days - time: that is {=~day} less
    > pay 80-200/10
      ? Every painter is paid {$pay} a day. >> How much do these {others} painters earn together for the job?
      daily_pay = others * pay: {others} painters cost {=~dollar} a day
      wages = daily_pay * time: for the whole job, they earn {=~dollar}
      > paint 100-900/50
        ? The paint costs another {$paint}. >> How much do paint and painters cost together?
        costs = wages + paint: with the paint, it costs {=~dollar}
        > floors 2-5
          ? The building has {floors} floors of the same size. >> What is the cost for each floor?
          floor_cost = costs / floors: each floor costs {=~dollar}
    """,
)
TOGETHER = template(
    "rates/together",
    """
    first 8-30; second 6-25; ~hours 2-9; total = (first + second) * hours; second < first
    ? {A} folds {first} {papers} an hour, and {B} folds {second}. Working at the same time, they fold {total}
      {papers}. >> How many hours do they need?
    ? {total} {papers} must be put into envelopes. {A} does {first} of them an hour and {B} does {second} an
      hour, and they work until all are done. >> How many hours does it take?
    ? {A} and {B} are printing {total} {papers} together, both at the same time. {A}'s printer prints {first}
      an hour, {B}'s printer {second}. >> After how many hours are all {papers} printed?
    rate = first + second: together they do {=~paper} an hour
    hours = total / rate: they need {=~hour}
    >
      ? >> How many of the {papers} does {A} do?
      first_share = first * hours: {A} does {=~paper}
    >
      ? >> How many more {papers} than {B} does {A} do?
      first_share = first * hours: {A} does {=~paper}
      second_share = second * hours: {B} does {=~paper}
      difference = first_share - second_share: that is {=~paper} more
    > wage 8-20; start 5-40
      ? {A} gets {$wage} for each hour of this work and already had {$start}. >> How much money does {A} have
        when everything is done?
      pay = wage * hours: {A} earns {=~dollar}
      money = start + pay: with that, {A} has {=~dollar}
      > price 5-60
        ? Then {A} buys {a treat} for {$price}. >> How much money does {A} have left?
        money_left = money - price: {A} has {=~dollar} left
    """,
)
TANK = template(
    "rates/tank",
    """
    inflow 6-25; outflow 2-12; minutes 5-40; level 10-150/5
    ? A {basin} held {level} gallons of water. A pipe let in {inflow} gallons a minute, while {outflow}
      gallons a minute ran out through a leak. This went on for {minutes~minute}. >> How many gallons were in
      the {basin} then?
    ? There were {level} gallons in a {basin} when {A} turned on the water for {minutes~minute}. Every minute
      {inflow} gallons flowed in and {outflow} gallons leaked out. >> How many gallons of water were in the
      {basin} in the end?
    ? For {minutes~minute}, {inflow} gallons of water a minute flowed into a {basin} and {outflow} gallons a
      minute flowed out of it. At first, there were {level} gallons in the {basin}. >> How many gallons were
      in it in the end?
    ! 2-9: The {basin} is {noise} feet deep.
    net = inflow - outflow: the water increased by {=~gallon} a minute
    gain = net * minutes: in {minutes~minute}, that was {=~gallon}
    now = level + gain: in the end there {=^was/were} {=~gallon}
    + used 5-60/5
      ? After that, {used} gallons were taken out to water [the plants|a garden]. >> How many gallons of
        water were left?
      after_use = it - used: without the {used} gallons that were taken out, there {=^was/were} {=~gallon}
    + buckets 3-12; bucket 2-6
      ? Then {buckets} buckets of {bucket} gallons each were poured in. >> How many gallons of water were
        there then?
      poured = buckets * bucket: the buckets held {=~gallon}
      after_buckets = it + poured: with the buckets, there {=^was/were} {=~gallon}
    > capacity 200-1000/20
      ? The {basin} holds {capacity} gallons when it is full. >> How many more gallons [were needed to fill
        it|fit into it]?
      room = capacity - it: there was room for {=~gallon} more
      > hose 4-20
        ? The {basin} was then filled up with a hose that gave {hose} gallons a minute while nothing ran out.
          >> How many minutes did that take?
        filling = room / hose: it took {=~minute}
    """,
)
WORK = (MACHINES, PAINTERS, TOGETHER, TANK)
