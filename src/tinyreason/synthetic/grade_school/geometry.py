"""Perimeters and areas of gardens, rooms, walls and wires."""

from tinyreason.synthetic.grade_school.templates import template

FENCE = template(
    "geometry/fence",
    """
    length 6-60; width 4-40; gate 2-4; price 4-25; width < length
    ? {A} puts a fence around a rectangular garden that is {length} meters long and {width} meters wide.
      {gate} meters are left open for a gate. A meter of fence costs {$price}. >> How much does the fence
      cost?
    ? A rectangular field is {length} meters long and {width} meters wide. It gets a fence on all sides,
      except for a gate of {gate} meters. >> How much does the fence cost at {$price} a meter?
    ? Around a rectangular yard of {length} meters by {width} meters, {A} builds a fence and leaves {gate}
      meters free for the gate. Each meter of fence costs {$price}. >> What does {A} pay for the fence?
    ! 5-60: The oldest tree in it is {noise} years old.
    half_way = length + width: the length and the width together are {=~meter}
    around = half_way * 2: all around it is {=~meter}
    fence = around - gate: the fence is {=~meter} long
    cost = fence * price: the fence costs {=~dollar}
    > gate_price 20-150/5
      ? The gate costs another {$gate_price}. >> How much do the fence and the gate cost together?
      with_gate = cost + gate_price: with the gate, it is {=~dollar}
      > neighbors 2-4
        ? {neighbors} neighbors share the whole cost equally. >> How much does each of them pay?
        each_pays = with_gate / neighbors: each of them pays {=~dollar}
    > hours 2-9; hourly 10-30
      ? A worker needs {hours} hours to set up the fence and gets {$hourly} an hour. >> How much do the fence
        and the work cost together?
      work = hours * hourly: the work costs {=~dollar}
      with_work = cost + work: together, it is {=~dollar}
    """,
)
CARPET = template(
    "geometry/carpet",
    """
    first_length 3-12; first_width 2-9; second_length 3-10; second_width 2-8; price 8-40;
    first_length != second_length
    ? {A} wants new carpet in two rectangular rooms. One is {first_length} meters by {first_width} meters,
      the other {second_length} meters by {second_width} meters. Carpet costs {$price} per square meter. >>
      How much will the carpet cost?
    ? The floors of two rectangular rooms, {first_length} by {first_width} meters and {second_length} by
      {second_width} meters, get a carpet for {$price} a square meter. >> What does the carpet cost for both
      rooms?
    ? In {A}'s home, the bedroom is a rectangle of {first_length} meters by {first_width} meters and the
      study one of {second_length} meters by {second_width} meters. {A} buys carpet for both at {$price} a
      square meter. >> How much does {A} pay?
    ! 2-4: The rooms are {noise} meters high.
    first = first_length * first_width: the first room has {=~square meter}
    second = second_length * second_width: the second room has {=~square meter}
    both = first + second: together, that is {=~square meter}
    cost = both * price: the carpet costs {=~dollar}
    > laying 3-9
      ? Laying it costs another {$laying} per square meter. >> How much do the carpet and the laying cost in
        all?
      laying_cost = both * laying: laying it costs {=~dollar}
      in_all = cost + laying_cost: in all, it is {=~dollar}
      > off 20-200/10
        ? The store takes {$off} off the whole bill. >> How much is to be paid?
        after_off = in_all - off: {=~dollar} {=^is/are} to be paid
    > saved 100-900/50
      ? {A} has already put aside {$saved} for it. >> How much money is still missing?
      missing = cost - saved: {=~dollar} {=^is/are} missing
      > monthly 10-90/5
        ? {A} puts aside {$monthly} a month. >> How many months does it take to save the rest?
        months = missing / monthly: it takes {=~month}
    """,
)
POND = template(
    "geometry/pond",
    """
    length 8-40; width 6-30; pond_length 2-9; pond_width 2-6; width < length;
    pond_width < pond_length; pond_length < width
    ? A rectangular garden is {length} meters long and {width} meters wide. In it, there is a rectangular
      pond of {pond_length} meters by {pond_width} meters, and the rest is lawn. >> How many square meters of
      lawn are there?
    ? {A}'s garden is a rectangle of {length} by {width} meters. A rectangular pond of {pond_length} by
      {pond_width} meters lies in it, and everything else is covered with grass. >> How many square meters of
      grass does {A} have?
    ? There is grass everywhere in a rectangular garden of {length} meters by {width} meters, except in a
      rectangular pond that is {pond_length} meters long and {pond_width} meters wide. >> What is the area of
      the grass in square meters?
    ! 2-30: {noise} fish live in the pond.
    garden = length * width: the garden has {=~square meter}
    water = pond_length * pond_width: the pond has {=~square meter}
    lawn = garden - water: the lawn has {=~square meter}
    > part 2-6
      ? {1/part} of the lawn is turned into a flower bed. >> How many square meters of lawn are left?
      bed = lawn / part: the flower bed has {=~square meter}
      lawn_left = lawn - bed: there {=^is/are} {=~square meter} of lawn left
      > minutes 2-5
        ? Mowing takes {minutes} minutes for every 10 square meters. >> How many minutes does it take to mow
          what is left of the lawn?
        tens = lawn_left / 10: this makes {=} parts of 10 square meters
        mowing = tens * minutes: mowing takes {=~minute}
    > bag 5-40/5; bag_price 4-20
      ? New seed for the lawn comes in bags that are enough for {bag} square meters each and cost
        {$bag_price}. >> How much does the seed for the whole lawn cost?
      seed_bags = lawn / bag: that takes {=~bag}
      seed_cost = seed_bags * bag_price: the seed costs {=~dollar}
    """,
)
TILES = template(
    "geometry/tiles",
    """
    length 2-9; width 2-7; side 10|20|25|50; width < length
    ? A rectangular floor is {length} meters long and {width} meters wide. It is covered with square tiles
      whose sides are {side} centimeters long. >> How many tiles are needed?
    ? {A} lays square tiles on a rectangular floor of {length} by {width} meters. A side of a tile is {side}
      centimeters long. >> How many tiles does {A} need?
    ? Square tiles with a side of {side} centimeters are laid on the floor of a rectangular kitchen that
      measures {length} meters by {width} meters. >> How many tiles cover the floor?
    ! 2-12: A tile is {noise} millimeters thick.
    long_side = length * 100 / side: along the length, there {=^is/are} {=~tile}
    short_side = width * 100 / side: along the width, there {=^is/are} {=~tile}
    tiles = long_side * short_side: the floor takes {=~tile}
    > spare 4-40/2; box 8|10|12|16|20|24|25
      ? {spare} more tiles are kept as spares, and the tiles come in boxes of {box}. >> How many boxes are
        needed for the floor and the spares?
      with_spare = tiles + spare: with the spare tiles, it is {=~tile}
      boxes = with_spare / box: that takes {=~box}
      > box_price 10-45
        ? A box costs {$box_price}. >> How much do these boxes cost?
        cost = boxes * box_price: the boxes cost {=~dollar}
    > white 2-5
      ? {1/white} of the tiles are white, and the others are gray. >> How many tiles are gray?
      white_tiles = tiles / white: {=~tile} {=^is/are} white
      gray_tiles = tiles - white_tiles: {=~tile} {=^is/are} gray
    """,
)
SQUARE = template(
    "geometry/square",
    """
    ~side 5-90; perimeter = side * 4; shorter 2-20
    ? The fence around a square garden is {perimeter} {lengthunits} long. A second garden is a rectangle, as
      long as a side of the first, but {shorter} {lengthunits} less wide than long. >> What is the area of
      the second garden in square {lengthunits}?
    ? A square has a perimeter of {perimeter} {lengthunits}. A rectangle has the same length as the square,
      but its width is {shorter} {lengthunits} less than that. >> How many square {lengthunits} is the area
      of the rectangle?
    ? All four sides of a square field together measure {perimeter} {lengthunits}. The field next to it is a
      rectangle with the same length and a width that is {shorter} {lengthunits} smaller. >> How many square
      {lengthunits} is the field next to it?
    ! 2-20: It was drawn on a map {noise} years ago.
    side = perimeter / 4: a side of the square is {=~lengthunit} long
    width = side - shorter: the rectangle is {=~lengthunit} wide
    area = side * width: its area is {=} square {lengthunits}
    >
      ? >> By how many square {lengthunits} is the area of the square larger than the area of the rectangle?
      square = side * side: the area of the square is {=} square {lengthunits}
      difference = square - area: it is larger by {=} square {lengthunits}
    >
      ? >> What is the perimeter of the rectangle in {lengthunits}?
      half = side + width: the length and the width together are {=~lengthunit}
      around = half * 2: its perimeter is {=~lengthunit}
      >
        ? >> By how many {lengthunits} is the perimeter of the rectangle shorter than the perimeter of the
          square?
        less = perimeter - around: it is shorter by {=~lengthunit}
    """,
)
WIRE = template(
    "geometry/wire",
    """
    ~width 3-50; longer 2-24; wire = width * 4 + longer * 2
    ? {A} bends a wire of {wire} inches into a rectangle whose length is {longer} inches more than its width.
      >> How many inches wide is the rectangle?
    ? A rectangle is {longer} inches longer than it is wide. Its perimeter is {wire} inches. >> What is its
      width in inches?
    ? With a string of {wire} inches, {A} lays out a rectangle that is {longer} inches longer than wide. >>
      How many inches does its width measure?
    ! 2-20: {A} has {noise} other pieces of this length.
    half = wire / 2: the length and the width together are {=~inch}
    twice_width = half - longer: without the extra length, two widths are {=~inch}
    width = twice_width / 2: the width is {=~inch}
    >
      ? >> What is the area of the rectangle in square inches?
      length = width + longer: the length is {=~inch}
      area = length * width: the area is {=~square inch}
      > part 2-6
        ? {1/part} of the area of the rectangle is painted red. >> How many square inches are not painted?
        painted = area / part: {=~square inch} {=^is/are} painted
        unpainted = area - painted: {=~square inch} {=^is/are} not painted
        > bottle 2-20
          ? A bottle of blue paint is enough for {bottle} square inches. >> How many bottles are needed to
            paint all the rest blue?
          bottles = unpainted / bottle: that takes {=~bottle}
    """,
)
WALLS = template(
    "geometry/walls",
    """
    length 3-10; width 3-8; height 2-4; windows 2-4; window 1-3
    ? A room is {length} meters long, {width} meters wide and {height} meters high. {A} paints its four
      walls, but not the {windows~window} in them, each with an area of {window~square meter}. >> How many
      square meters does {A} paint?
    ? {A} wants to paint the four walls of a room with a length of {length} meters, a width of {width} meters
      and a height of {height} meters. {windows~window} of {window~square meter} each must stay free. >> How
      many square meters have to be painted?
    ? The four walls of a rectangular room get new paint. It is {length} meters long, {width} meters wide and
      {height} meters high, and {windows~window}, each {window~square meter} large, will not be painted. >>
      How many square meters will be painted?
    ! 2-20: The last paint is {noise} years old.
    around = length + width + length + width: the walls are {=~meter} long altogether
    walls = around * height: they have {=~square meter}
    glass = windows * window: the windows have {=~square meter}
    painted = walls - glass: {=~square meter} {=^is/are} painted
    > coats 2-3; liter 4|5|6|8|10
      ? The walls are painted {coats} times, and a liter of paint is enough for {liter} square meters. >> How
        many liters of paint are needed?
      in_all = painted * coats: in all, paint is needed for {=~square meter}
      liters = in_all / liter: that takes {=~liter}
      > paint_price 5-20
        ? A liter costs {$paint_price}. >> How much does the paint cost?
        cost = liters * paint_price: the paint costs {=~dollar}
    """,
)
GEOMETRY = (FENCE, CARPET, POND, TILES, SQUARE, WIRE, WALLS)
