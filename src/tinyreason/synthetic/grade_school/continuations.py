"""Clauses that can go on from many templates, whatever led to the result `it`: an amount of money or a number
of things that {A} has, or a sum that {A} has to pay.
"""

from tinyreason.synthetic.grade_school.templates import Piece, piece

MONEY_CHANGES = (
    piece("""
        pocket 5-40
        ? Then {A}'s {giver8} gave {him} {$pocket}. >> How much money does {A} have [now|in the end]?
        ? Later, {A} found {$pocket} in an old [jacket|coat|drawer]. >> How much money does {A} have now?
        ? A few days later, {A} got {$pocket} as a birthday present. >> How much money does {A} have
          [now|then]?
        with_pocket = it + pocket: [after that, {A} had|this gave {A}] {=~dollar}
    """),
    piece("""
        spent 3-30
        ? [After that|Later], {A} spent {$spent} on {a treat8}. >> How much money does {A} have [now|left]?
        ? {A} then paid {$spent} for {a treat8}. >> How much money does {A} have [now|in the end]?
        after_spending = it - spent: after [buying the {treat8}|that], {A} had {=~dollar}
    """),
    piece("""
        work_hours 2-6; work_wage 6-15
        ? Then {A} earned {$work_wage} an hour for {work_hours~hour} of {chore8}. >> How much money does {A}
          have [now|in the end]?
        ? The next week, {A} worked {work_hours~hour} for a neighbor who paid {$work_wage} an hour. >> How
          much money does {A} have after that?
        earned = work_hours * work_wage: [the work brought {A}|{A} earned] {=~dollar}
        with_earned = it + earned: with this, {A} had {=~dollar}
    """),
    piece("""
        saved_part 2-5
        ? {A} then put {1/saved_part} of {his} money into a savings [account|box] and kept the rest. >> How
          much money did {A} keep?
        ? After that, {A} gave {1/saved_part} of {his} money to [an animal shelter|a charity]. >> How much
          money does {A} have left?
        put_away = it / saved_part: {1/saved_part} of the money is {=~dollar}
        kept = it - put_away: {A} kept {=~dollar}
    """),
)


def things_changes(kind: str) -> tuple[Piece, ...]:
    """From the number of things of a kind that {A} has."""
    sheets = (
        """
        gift 3-20
        ? Then {A}'s {giver8} gave {him} {gift} more. >> How many {THINGs} does {A} have [now|in the end]?
        ? Later, {A} got {gift} more {THINGs} from a friend. >> How many {THINGs} does {A} have now?
        with_gift = it + gift: [after that, {A} had|this made] {=~THING}
        """,
        """
        lost 2-12
        ? Then {A} lost {lost} of {his} {THINGs}. >> How many {THINGs} does {A} have [now|in the end]?
        ? Later, {lost} of {A}'s {THINGs} got lost. >> How many {THINGs} does {A} have [now|left]?
        after_loss = it - lost: [without the lost ones|after losing {lost}], {A} had {=~THING}
        """,
        """
        packs 2-6; pack_size 4-12
        ? {A} then bought {packs~pack} with {pack_size} {THINGs} in each. >> How many {THINGs} does {A} have
          now?
        ? After that, {A} got {packs} new packs of {pack_size} {THINGs} each. >> How many {THINGs} does {A}
          have [now|in the end]?
        in_packs = packs * pack_size: the packs contained {=~THING}
        with_packs = it + in_packs: {A} then had {=~THING}
        """,
        """
        given_part 2-5
        ? {A} then gave {1/given_part} of {his} {THINGs} to {his} {relative8}. >> How many {THINGs} does {A}
          have [now|left]?
        ? After that, {A} gave away {1/given_part} of {his} {THINGs}. >> How many {THINGs} does {A} have now?
        given_away = it / given_part: {A} gave away {=~THING}
        after_giving = it - given_away: {A} kept {=~THING}
        """,
    )
    return tuple(piece(sheet.replace("THING", kind)) for sheet in sheets)


SPENDING = (
    piece("""
        costs 5-60
        ? Getting to the market cost {A} {$costs}. >> How much of the money was left after that?
        ? From this money, {A} paid {$costs} for the stall at the market. >> How much money was left?
        profit = it - costs: after paying for this, {A} had {=~dollar}
        > saved_share 2-5
          ? {A} saved {1/saved_share} of what was left and spent the rest. >> How much did {A} spend?
          ? {A} gave {1/saved_share} of what was left to [a charity|{his} {relative9}] and kept the rest. >>
            How much did {A} keep?
          profit_share = profit / saved_share: {1/saved_share} of this is {=~dollar}
          profit_rest = profit - profit_share: the rest was {=~dollar}
    """),
    piece("""
        partners 2-5
        ? {A} shared the money equally with {partners} friends who had helped. >> How much money did each of
          them get?
        sharers = partners + 1: the money was shared by {=} people
        each_share = it / sharers: each of them got {=~dollar}
    """),
)


def things_ends(kind: str, prices: str) -> tuple[Piece, ...]:
    """From the number of things of a kind that {A} has to what becomes of them; one is sold for `prices`."""
    sale = """
        unit_price PRICES
        ? {A} sold all of the {THINGs} for {$unit_price} each. >> How much money did {A} [get|take in]?
        ? >> If {A} sold every {THING} for {$unit_price}, how much money did {he} get?
        income = it * unit_price: {A} [got|took in] {=~dollar}
    """
    boxes = """
        box_size 3-12
        ? {A} put all of the {THINGs} into boxes of {box_size}. >> How many boxes did {A} fill?
        ? >> If {A} packed all of them into boxes that hold {box_size} {THINGs} each, how many boxes did {he}
          need?
        boxes = it / box_size: {A} [filled|needed] {=~box}
    """
    box_sale = """
        box_price 5-40
        ? Each box [was sold|sold] for {$box_price}. >> How much money did the boxes bring in?
        boxes_income = boxes * box_price: the boxes brought in {=~dollar}
    """
    friends = """
        friends 2-9
        ? {A} shared all of the {THINGs} equally among {friends} friends. >> How many {THINGs} did each
          friend get?
        per_friend = it / friends: each friend got {=~THING}
    """
    return (
        piece(sale.replace("THING", kind).replace("PRICES", prices), ends=SPENDING),
        piece(boxes.replace("THING", kind), ends=[piece(box_sale)]),
        piece(friends.replace("THING", kind)),
    )


COUPON = piece("""
    coupon 2-15
    ? {A} had a coupon that took {$coupon} off the total. >> How much did {A} [have to pay|pay]?
    ? At the checkout, a voucher took {$coupon} off the [bill|total]. >> How much did {A} pay?
    after_coupon = it - coupon: with the reduction, the total was {=~dollar}
""")
PAYING = (
    piece("""
        paid 10-400/10; change < 60
        ? {A} [handed the cashier|gave the cashier|paid with] {$paid}. >> How much change did {A} get?
        ? >> How much change did {A} get from {$paid}?
        change = paid - it: {A} got {=~dollar} back
    """),
    piece("""
        budget 20-600/5; left_over < 200
        ? Before that, {A} had {$budget}. >> How much money does {A} have left?
        ? >> If {A} had {$budget} before, how much money did {he} have afterwards?
        left_over = budget - it: {A} had {=~dollar} left
    """),
    piece("""
        helpers 2-5
        ? {A} and {helpers} friends split the cost equally. >> How much did each of them pay?
        ? >> If {A} shared the cost equally with {helpers} friends, how much did each of them pay?
        payers = helpers + 1: the cost was shared by {=} people
        each_paid = it / payers: each of them paid {=~dollar}
    """),
)
