"""Averages: of tests, of days, of games, and the numbers that lead to them."""

from tinyreason.synthetic.grade_school.templates import template

NEXT_TEST = template(
    "average/next_test",
    """
    tests 2-8; mean 50-92; goal 55-95; mean < goal; needed < 101
    ? After {tests} tests, {A}'s average is {mean} points. >> How many points does {A} need in the next test
      to raise the average of all tests to {goal}?
    ? {A} has written {tests} {subject} tests with an average of {mean} points. With the next test, {he}
      wants to bring the average up to {goal} points. >> How many points must the next test have?
    ? {A}'s average in {subject} is {mean} points after {tests} tests. {he} would like to have an average of
      {goal} points after one more test. >> How many points does {A} need in this test?
    ! 20-90: A test takes {noise} minutes.
    so_far = tests * mean: until now, {A} has {=~point}
    all_tests = tests + 1: with the next one, there {=^is/are} {=~test}
    wanted = all_tests * goal: for the average of {goal}, they need {=~point}
    needed = wanted - so_far: the next test must have {=~point}
    > got 50-100; got != needed
      ? In fact, {A} gets {got} points in the next test. >> What is the average of all tests then?
      sum_now = so_far + got: all tests together have {=~point}
      mean_now = sum_now / all_tests: the average is {=~point}
    >
      ? >> By how many points must the next test be better than {A}'s average so far?
      above = needed - mean: that is {=~point} better than the average so far
    """,
)
MISSING = template(
    "average/missing_day",
    """
    mean 10-60; first 5-80; second 5-80; third 5-80; first != second
    ? On four days, {A} sold {mean} {fruits} a day on average. It was {first} on {weekday1}, {second} on
      {weekday2}, {third} on {weekday3}, and the rest on {weekday4}. >> How many {fruits} were sold on
      {weekday4}?
    ? {A} sold {first} {fruits} on {weekday1}, {second} on {weekday2} and {third} on {weekday3}. With those
      of {weekday4}, the average of the four days was {mean}. >> How many {fruits} did {A} sell on
      {weekday4}?
    ? The average number of {fruits} that {A} sold on four days was {mean}. {he} sold {first} of them on
      {weekday1}, {second} on {weekday2}, {third} on {weekday3} and the rest on {weekday4}. >> How many
      {fruits} were sold on {weekday4}?
    ! 5-40: {A} has {noise} other customers for flowers.
    in_all = mean * 4: on the four days, {A} sold {=~fruit}
    three_days = first + second + third: on the first three days, it was {=~fruit}
    fourth = in_all - three_days: on {weekday4}, {A} sold {=~fruit}
    > each 1-3
      ? Each {fruit} cost {$each}. >> How much money did {A} get on the four days?
      income = in_all * each: {A} got {=~dollar}
      > stand 5-60
        ? {A} paid {$stand} for the stand. >> How much money was left?
        left = income - stand: {A} had {=~dollar} left
    > better 2-30
      ? On a fifth day, {A} sold {better} {fruits} more than on {weekday4}. >> How many {fruits} did {A} sell
        on the five days?
      fifth = fourth + better: on the fifth day, it was {=~fruit}
      five_days = in_all + fifth: on the five days, {A} sold {=~fruit}
      >
        ? >> How many {fruits} a day did {A} sell on average on the five days?
        mean_of_five = five_days / 5: on average, it was {=~fruit} a day
    """,
)
GROUPS = template(
    "average/two_groups",
    """
    girls 4-20; girl_mean 20-95; boys 4-20; boy_mean 20-95; girl_mean != boy_mean
    ? In a class, {girls} girls have {girl_mean} {collectibles} each on average and {boys} boys have
      {boy_mean} {collectibles} each on average. >> What is the average number of {collectibles} per child in
      this class?
    ? The {girls} girls of a club own {girl_mean} {collectibles} each on average, and its {boys} boys own
      {boy_mean} each. >> How many {collectibles} does a child of the club own on average?
    ? {girls} girls and {boys} boys brought {collectibles} to school. The girls brought {girl_mean} on
      average and the boys {boy_mean}. >> How many {collectibles} was that per child on average?
    ! 20-60: The teacher is {noise} years old.
    for_girls = girls * girl_mean: the girls have {=~collectible} together
    for_boys = boys * boy_mean: the boys have {=~collectible} together
    in_all = for_girls + for_boys: all of them have {=~collectible} together
    children = girls + boys: there {=^is/are} {=~child/children}
    mean_of_all = in_all / children: the average is {=~collectible}
    > new_mean 20-95; new_children 2-9
      ? Then {new_children} new children come, who have {new_mean} {collectibles} each on average. >> What is
        the average number of {collectibles} of all the children then?
      of_new = new_children * new_mean: the new children have {=~collectible} together
      sum_now = in_all + of_new: altogether, there {=^is/are} {=~collectible}
      children_now = children + new_children: with them, there {=^is/are} {=~child/children}
      mean_now = sum_now / children_now: the average is {=~collectible}
    """,
)
GAMES = template(
    "average/games",
    """
    games 3-9; mean 4-25; best 10-45; worst 2-9; mean < best
    ? In {games} games, {A} made {mean} points on average. In the best game, it was {best} points, in the
      worst {worst}. >> How many points did {A} make in the other games together?
    ? {A}'s average over {games} games is {mean} points. {his} best game brought {best} points and {his}
      worst {worst}. >> How many points did all the other games bring together?
    ? Over {games} games, {A} has an average of {mean} points. One of them was {his} best with {best} points,
      and one {his} worst with {worst} points. >> How many points did {A} get in the remaining games
      together?
    ! 11-60: {A} wears the number {noise}.
    in_all = games * mean: in all games together, {A} made {=~point}
    two_games = best + worst: the best and the worst game have {=~point}
    others = in_all - two_games: the other games have {=~point}
    >
      ? >> What is {A}'s average in the games other than the best and the worst one?
      other_games = games - 1 - 1: there {=^is/are} {=~other game}
      other_mean = others / other_games: their average is {=~point}
    > new_games 2-4; new_mean 5-30
      ? In the next {new_games} games, the average was {new_mean} points. >> How many points did {A} make in
        all of these games together?
      in_new = new_games * new_mean: in the new games, {A} made {=~point}
      in_both = in_all + in_new: altogether, {A} made {=~point}
      >
        ? >> What is {A}'s average over all of these games?
        game_count = games + new_games: there {=^is/are} {=~game}
        mean_now = in_both / game_count: the average is {=~point}
    """,
)
BIRDS = template(
    "average/days",
    """
    first 4-60; more 2-24; times 2-4
    ? {A} counted {first} birds on {weekday1}. On {weekday2}, there were {more} more than on {weekday1}, and
      on {weekday3} {times*} as many as on {weekday1}. >> How many birds did {A} count a day on average?
    ? On {weekday1}, {A} saw {first} birds in the park, on {weekday2} {more} more than that, and on
      {weekday3} {times*} as many as on {weekday1}. >> What was the average number of birds on these three
      days?
    ? {A} watched birds on three days. {he} saw {times*} as many on {weekday3} as on {weekday1}, and {more}
      more on {weekday2} than on {weekday1}, when {he} saw {first}. >> How many birds a day is that on
      average?
    ! 2-5: {A} watched for {noise} hours.
    second = first + more: on {weekday2}, there {=^was/were} {=~bird}
    third = first * times: on {weekday3}, there {=^was/were} {=~bird}
    in_all = first + second + third: in all, {A} saw {=~bird}
    mean_of_days = in_all / 3: that is an average of {=~bird}
    > fourth_less 2-20
      ? On {weekday4}, it was {fourth_less} birds fewer than on {weekday3}. >> How many birds a day did {A}
        see on average on the four days?
      fourth = third - fourth_less: on {weekday4}, there {=^was/were} {=~bird}
      sum_of_four = in_all + fourth: on the four days, there {=^was/were} {=~bird}
      mean_of_four = sum_of_four / 4: that is an average of {=~bird}
    > part 2-5
      ? {1/part} of all the birds seen were sparrows. >> How many of the birds were not sparrows?
      sparrows = in_all / part: {=~bird/birds} {=^was/were} sparrows
      others = in_all - sparrows: {=~bird/birds} {=^was/were} not
    """,
)
AVERAGES = (NEXT_TEST, MISSING, GROUPS, GAMES, BIRDS)
