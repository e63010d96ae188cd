"""Making and selling: income, costs and profit."""

from tinyreason.synthetic.grade_school.templates import template

BAKE_SALE = template(
    "trade/bake_sale",
    """
    batches 2-8; per_batch 6-24; burnt 2-15; price 1-4; costs 5-60
    ? {A} baked {batches} batches of {per_batch} {bakeds} each for the {event}. {burnt} of them were burnt,
      and {he} sold the others for {$price} each. The ingredients cost {$costs}. >> How much profit did {A}
      make?
    ? For the {event}, {A} spent {$costs} on ingredients and baked {batches} trays with {per_batch} {bakeds}
      each. {his} family ate {burnt} of them. All the others were sold at {$price} each. >> How much more
      money did {A} take in than {he} spent?
    ? At the {event}, {A} sold {bakeds} for {$price} each. {he} had made {batches} batches of {per_batch}
      {bakeds}, but {burnt} fell on the floor and could not be sold. The rest were sold, and the ingredients
      had cost {$costs}. >> What was {A}'s profit?
    ! 20-90: {noise} people came to the {event} in the first hour.
    ! 10-40: A batch was in the oven for {noise} minutes.
    made = batches * per_batch: {A} baked {=~baked}
    sold = made - burnt: {A} sold {=~baked}
    income = sold * price: [the sale brought in|{A} took in] {=~dollar}
    profit_made = income - costs: the profit was {=~dollar}
    > donated 2-5
      ? {A} gave {1/donated} of the profit to the [school|library] and kept the rest. >> How much did {A}
        keep?
      donation = profit_made / donated: {1/donated} of the profit is {=~dollar}
      kept = profit_made - donation: {A} kept {=~dollar}
      > mixer 10-60
        ? {A} had saved {$mixer} before. >> How much money does {A} have now?
        with_savings = kept + mixer: with the savings, {A} has {=~dollar}
    > bakers 2-4
      ? {A} shared the profit equally with {bakers} friends who had helped. >> How much did each of them get?
      sharers = bakers + 1: it was shared by {=} people
      each_got = profit_made / sharers: each of them got {=~dollar}
    """,
)
EGGS = template(
    "trade/eggs",
    """
    hens 6-40; per_hen 4-6; used 6-40; price 3-6
    ? {A} has {hens} hens, and each lays {per_hen} eggs a week. {his} family uses {used} eggs a week, and {A}
      sells the others for {$price} a dozen. >> How much does {A} take in each week?
    ? Each of {A}'s {hens} hens lays {per_hen} eggs a week. {A} keeps {used} eggs a week and sells the rest
      at the market, {$price} for a dozen. >> How much money does {A} get for the eggs of a week?
    ? On {A}'s farm, {hens} hens lay {per_hen} eggs each every week. Of these, {used} are eaten at the farm.
      The rest are sold by the dozen for {$price}. >> How much do they bring in every week?
    ! 2-12: {A} also has {noise} ducks, whose eggs are not sold.
    eggs = hens * per_hen: the hens lay {=~egg} a week
    for_sale = eggs - used: {A} sells {=~egg}
    dozens = for_sale / 12: that is {=~dozen/dozen}
    income = dozens * price: these bring in {=~dollar} a week
    + feed 3-40
      ? The feed costs {$feed} a week. >> How much does {A} have left of the money each week?
      after_feed = it - feed: after paying for the feed, {A} has {=~dollar}
    > weeks 2-10
      ? >> How much money does {A} have from this after {weeks~week}?
      ? {A} puts this money aside for {weeks~week}. >> How much money is that in all?
      in_weeks = it * weeks: in {weeks~week}, it is {=~dollar}
      > coop 30-300/10
        ? After these {weeks~week}, {A} pays {$coop} for a new roof for the hens. >> How much of the money is
          left?
        after_coop = in_weeks - coop: after paying for the roof, {A} has {=~dollar}
    """,
)
CRAFTS = template(
    "trade/crafts",
    """
    count 3-20; price 6-25; material 2-12; stall 10-60; material < price
    ? {A} makes {crafts}. The material for one costs {$material}, and {he} sells them for {$price} each. At
      the {event}, {he} sold {count}, but had to pay {$stall} for the stall. >> How much did {A} earn at the
      {event}?
    ? At the {event}, {A} sold {count} {crafts} for {$price} each. Each had cost {him} {$material} for
      material, and the stall cost {$stall}. >> What was {A}'s profit?
    ? {A} paid {$stall} for a stall at the {event} and sold {count} {crafts} there. {he} took {$price} for
      each of them, and the material for each had cost {$material}. >> How much profit did {A} make?
    ! 2-8: It takes {A} {noise} hours to make {a craft}.
    margin = price - material: each {craft} brings {=~dollar} more than its material
    earned = margin * count: for {count} of them, that is {=~dollar}
    gain = earned - stall: after paying for the stall, {A} has {=~dollar}
    > days 2-5
      ? {A} did just as well on each of the {days} days of the {event}, and the stall was paid for each day.
        >> How much profit did {A} make on all days together?
      in_days = gain * days: in {days~day}, it is {=~dollar}
      > fuel 5-40
        ? The trips there cost {$fuel}. >> How much was left of the profit after that?
        after_trips = in_days - fuel: after paying for the trips, {A} had {=~dollar}
        > share 2-4
          ? {A} saved {1/share} of what was left. >> How much did {A} save?
          saved = after_trips / share: {A} saved {=~dollar}
    > goal 50-400/10
      ? {A} wants to buy new tools for {$goal}. >> How much money is still missing?
      missing = goal - gain: {A} still needs {=~dollar}
      > hourly 8-20
        ? {A} earns {$hourly} an hour by {chore}. >> For how many hours must {A} work to get the rest?
        hours = missing / hourly: {A} must work for {=~hour}
    """,
)
RESALE = template(
    "trade/resale",
    """
    boxes 2-8; per_box 4-12; box_price 8-60; each_price 3-12; spoilt 2-9
    ? A store bought {boxes} boxes of {crafts} for {$box_price} a box. There were {per_box} {crafts} in every
      box. {spoilt} of the {crafts} were damaged and could not be sold, and the others were sold for
      {$each_price} each. >> How much profit did the store make?
    ? {A} bought {boxes} boxes of {collectibles} at {$box_price} a box, with {per_box} {collectibles} in
      each. {he} kept {spoilt} {collectibles} and sold all the others for {$each_price} each. >> How much
      more money did {A} get than {he} paid?
    ? For {$box_price} a box, {A} bought {boxes} boxes that held {per_box} {toys} each. {he} gave {spoilt} of
      them away and sold the rest at {$each_price} each. >> What profit did {A} make?
    ! 2-9: The boxes were delivered in {noise} days.
    paid = boxes * box_price: the boxes cost {=~dollar}
    pieces = boxes * per_box: there {=^was/were} {=~piece} in them
    sold = pieces - spoilt: {=~piece} {=^was/were} sold
    income = sold * each_price: the sale brought in {=~dollar}
    gain = income - paid: the profit was {=~dollar}
    > rounds 2-6
      ? The same was done {rounds} times. >> How much profit was made altogether?
      in_rounds = gain * rounds: in {rounds} rounds, it was {=~dollar}
    > car 5-50; rest < 500
      ? The trips for it cost {$car}. >> How much of the profit was left?
      rest = gain - car: {=~dollar} of the profit were left
    """,
)
LEMONADE = template(
    "trade/lemonade",
    """
    morning 8-40; afternoon 10-60; price 1-4; pitchers 3-9; pitcher_cost 2-6
    ? {A} and {B} sold lemonade for {$price} a cup. They sold {morning} cups in the morning and {afternoon}
      in the afternoon. For this they made {pitchers} pitchers of lemonade, which cost them {$pitcher_cost}
      each. >> How much profit did they make?
    ? At their stand, {A} and {B} sold {morning} cups of lemonade before noon and {afternoon} cups after
      noon, each for {$price}. They had made {pitchers} pitchers at a cost of {$pitcher_cost} a pitcher. >>
      What was their profit?
    ? A cup of lemonade costs {$price} at {A} and {B}'s stand. On Sunday, they made {pitchers} pitchers, each
      at a cost of {$pitcher_cost}, and sold {morning} cups until lunch and {afternoon} cups after it. >> How
      much money did they make after costs?
    ! 70-95: It was {noise} degrees outside.
    cups = morning + afternoon: they sold {=~cup}
    income = cups * price: they took in {=~dollar}
    costs = pitchers * pitcher_cost: the lemonade cost {=~dollar}
    gain = income - costs: their profit was {=~dollar}
    >
      ? They shared the profit equally. >> How much did each of the two get?
      half = gain / 2: each of the two got {=~dollar}
      > own 5-40
        ? {A} had {$own} before. >> How much money does {A} have now?
        now = half + own: with that, {A} has {=~dollar}
        > spend 3-30
          ? {A} then spends {$spend} on {a treat}. >> How much money does {A} have left?
          left = now - spend: {A} has {=~dollar} left
    > days 2-6
      ? They made the same profit on each of {days} days. >> How much profit did they make on these days?
      in_days = gain * days: in {days~day}, they made {=~dollar}
      > gift 10-80
        ? They bought a present for {$gift} and shared the rest equally. >> How much did each of the two get?
        after_gift = in_days - gift: after buying the present, they had {=~dollar}
        each_half = after_gift / 2: each of the two got {=~dollar}
    """,
)
FLOWERS = template(
    "trade/bunches",
    """
    ~bunches 4-20; per_bunch 5-12; wilted 3-20; picked = bunches * per_bunch + wilted; price 3-12; seeds 5-30
    ? {A} picked {picked} {flowers}. {wilted} of them were too short to sell, and {he} tied the others into
      bunches of {per_bunch}. {he} sold each bunch for {$price}. The seeds had cost {$seeds}. >> How much
      profit did {A} make?
    ? From the garden, {A} brought {picked} {flowers} to the market. {he} gave {wilted} to friends and made
      bunches of {per_bunch} from the rest, which sold for {$price} a bunch. {he} had paid {$seeds} for
      seeds. >> How much profit did {A} make with the {flowers}?
    ? {A}'s garden produced {picked} {flowers} from seeds that had cost {$seeds}. {A} kept {wilted} {flowers}
      at home, and sold the others in bunches of {per_bunch} for {$price} each. >> What was the profit?
    ! 3-12: {A} has had the garden for {noise} years.
    rest = picked - wilted: there {=^was/were} {=~flower} for the bunches
    bunches = rest / per_bunch: they made {=~bunch}
    income = bunches * price: the bunches brought in {=~dollar}
    gain = income - seeds: {A}'s profit was {=~dollar}
    > part 2-5
      ? {A} wants to spend {1/part} of the profit on new seeds. >> How much will be left?
      new_seeds = gain / part: the new seeds will cost {=~dollar}
      left = gain - new_seeds: there will be {=~dollar} left
    """,
)
TRADE = (BAKE_SALE, EGGS, CRAFTS, RESALE, LEMONADE, FLOWERS)
