"""Wages: hours and pay, overtime, commissions, two jobs, and what is left of them."""

from tinyreason.synthetic.grade_school.continuations import MONEY_CHANGES
from tinyreason.synthetic.grade_school.templates import template

WEEK = template(
    "wages/week",
    """
    hours 3-8; days 3-6; wage 9-25
    ? {A} works at a {workplace} for {hours~hour} a day, {days~day} a week. {his} pay is {$wage} an hour. >>
      How much does {A} earn in a week?
    ? At the {workplace}, {A} earns {$wage} an hour. {he} works {days~day} a week and {hours~hour} each day.
      >> How much money does {A} make [in a week|every week]?
    ? A {workplace} pays {A} {$wage} for each hour. {A} is there {days~day} a week, always for {hours~hour}.
      >> What is {A}'s pay for a week?
    ! 3-40: {A} has {noise} coworkers.
    ! 10-55: The way to work takes {A} {noise} minutes.
    week_hours = hours * days: {A} works {=~hour} a week
    week_pay = week_hours * wage: [in a week, {A} earns {=~dollar}|{A}'s pay for a week is {=~dollar}]
    + bus 10-40
      ? Every week, {A} spends {$bus} on the bus. >> How much of {his} weekly pay [is left|remains]?
      after_bus = it - bus: after paying for the bus, {A} has {=~dollar}
    + tips 5-60
      ? {A} also gets {$tips} in tips every week. >> How much money does {A} have each week [with the
        tips|from all this]?
      with_tips = it + tips: with the tips, it is {=~dollar}
    + lunch 4-12
      ? On each of these days, {A} buys lunch for {$lunch}. >> How much of the weekly pay does {A} have left?
      lunches = lunch * days: the lunches cost {=~dollar} a week
      after_lunch = it - lunches: after paying for lunch, {A} has {=~dollar}
    > weeks 2-12
      ? >> How much money does {A} have from this after {weeks~week}?
      ? {A} does this for {weeks~week}. >> How much money does {A} have from it then?
      several_weeks = it * weeks: in {weeks~week}, that is {=~dollar}
      > gadget_price 100-900/10; rest < 2000
        ? Of this money, {A} buys {a gadget} for {$gadget_price}. >> How much does {A} have left?
        rest = several_weeks - gadget_price: {A} has {=~dollar} left
    > saved_part 2-5
      ? {A} saves {1/saved_part} of the money that {he} then has each week. >> How much does {A} save a week?
      saved = it / saved_part: {A} saves {=~dollar} a week
    """,
)
OVERTIME = template(
    "wages/overtime",
    """
    regular 30|35|40; wage 10-20; extra 2-10; hours 36-58; regular < hours
    ? {A} earns {$wage} an hour for the first {regular} hours of a week and {$extra} more for every hour
      after that. Last week, {A} worked {hours} hours. >> How much did {A} earn last week?
    ? A {workplace} pays {$wage} an hour up to {regular} hours a week. For each hour beyond, it pays {$extra}
      more than usual. {A} worked {hours} hours this week. >> What is {A}'s pay for this week?
    ? At {$wage} an hour, {A} usually works {regular} hours a week. Each hour of overtime is paid {$extra}
      better. This week, {A} worked {hours} hours in all. >> How much did {A} earn this week?
    ! 2-20: {A} has had this job for {noise} years.
    overtime = hours - regular: {A} worked {=~hour} of overtime
    regular_pay = regular * wage: for the regular hours, {A} got {=~dollar}
    overtime_wage = wage + extra: an hour of overtime brings {=~dollar}
    overtime_pay = overtime * overtime_wage: for the overtime, {A} got {=~dollar}
    pay = regular_pay + overtime_pay: altogether, {A} earned {=~dollar}
    > rent_part 2-5
      ? {A} used {1/rent_part} of {his} pay for the rent. >> How much of the pay was left?
      rent = pay / rent_part: the rent took {=~dollar}
      after_rent = pay - rent: {A} had {=~dollar} left
      > food 30-150/5
        ? After that, {A} spent {$food} on food. >> How much money was left then?
        after_food = after_rent - food: after buying food, {A} had {=~dollar} left
    > goal 300-1500/20
      ? {A} needs {$goal} for a trip. >> How much money is still missing?
      missing = goal - pay: {A} still needs {=~dollar}
    """,
)
TWO_JOBS = template(
    "wages/two_jobs",
    """
    first_hours 4-20; first_wage 8-20; second_hours 2-15; second_wage 9-25; first_wage != second_wage
    ? Last week, {A}, who had no money at all before, worked {first_hours} hours at a {workplace} for
      {$first_wage} an hour and {second_hours} hours at a {workplace2} for {$second_wage} an hour. >> How
      much did {A} earn [in all|altogether]?
    ? {A} had spent all {his} money, but {he} has two jobs. The {workplace} pays {him} {$first_wage} an hour,
      the {workplace2} {$second_wage} an hour. Last week {he} spent {first_hours} hours at the first and
      {second_hours} hours at the second. >> How much did {A} earn last week?
    ? {A} began the week without any money. For {first_hours} hours at the {workplace}, {A} was paid
      {$first_wage} an hour. On other days, {he} worked {second_hours} hours at the {workplace2} for
      {$second_wage} an hour. >> How much money did {A} [make|earn] in total?
    ! 2-40: The {workplace} is {noise} years old.
    first_pay = first_hours * first_wage: at the {workplace}, {A} earned {=~dollar}
    second_pay = second_hours * second_wage: at the {workplace2}, {A} earned {=~dollar}
    pay = first_pay + second_pay: altogether, {A} earned {=~dollar}
    """,
    changes=MONEY_CHANGES,
)
COMMISSION = template(
    "wages/commission",
    """
    base 150-500/10; each 5-30; weekday_sales 3-25; weekend_sales 2-15
    ? A store pays {A} {$base} a week and another {$each} for each {gadget} that {he} sells. This week, {A}
      sold {weekday_sales} on weekdays and {weekend_sales} on the weekend. >> How much did {A} earn this
      week?
    ? {A} sells {gadgets}. {his} pay is {$base} a week plus {$each} for each one sold. From Monday to Friday
      {he} sold {weekday_sales}, and on Saturday {weekend_sales}. >> What was {A}'s pay for that week?
    ? Besides a fixed pay of {$base} a week, {A} gets {$each} for every {gadget} sold. {he} sold
      {weekday_sales} {gadgets} during the week and {weekend_sales} more on the weekend. >> How much money
      did {A} make?
    ! 60-600/20: {a gadget} costs {$noise} there.
    sold = weekday_sales + weekend_sales: {A} sold {=~gadget}
    bonus = sold * each: for the sales, {A} got {=~dollar}
    pay = base + bonus: with the fixed pay, that is {=~dollar}
    > last_week 10-90/5
      ? The week before, {A} earned {$last_week} less. >> How much did {A} earn in the two weeks together?
      pay_before = pay - last_week: the week before, {A} earned {=~dollar}
      two_weeks = pay + pay_before: together that is {=~dollar}
      > loan_part 2-5
        ? {A} paid back a loan with {1/loan_part} of the money from both weeks. >> How much money was left?
        paid_back = two_weeks / loan_part: {A} paid back {=~dollar}
        left = two_weeks - paid_back: {A} had {=~dollar} left
    > goal 20-200/5
      ? {A} wants to earn {$goal} more next week, with the same fixed pay. >> How many {gadgets} must {A}
        sell next week?
      more_sales = goal / each: for {goal~dollar} more, {A} must sell {=~gadget} more
      next_week = sold + more_sales: next week, {A} must sell {=~gadget}
    > rent 100-400/10
      ? Out of this week's pay, {A} pays {$rent} for rent. >> How much of the pay is left?
      after_rent = pay - rent: after the rent, {A} has {=~dollar}
      > parts 2-4
        ? {A} saves {1/parts} of what is left. >> How much does {A} save?
        saved = after_rent / parts: {A} saves {=~dollar}
    """,
)
POCKET_MONEY = template(
    "wages/chores",
    """
    dishes 1-4; dish_times 3-9; lawn 5-15; lawns 2-4; allowance 5-20
    ? {A}'s purse was empty, but {he} gets {$allowance} of pocket money a month. On top of that, {his}
      parents pay {$dishes} for washing the dishes and {$lawn} for mowing the lawn. Last month, {A} washed
      the dishes {dish_times} times and mowed the lawn {lawns~time}. >> How much money did {A} get last
      month?
    ? Starting with nothing, {A} washed the dishes last month {dish_times} times for {$dishes} each time and
      mowed the lawn {lawns~time} for {$lawn} each time. {his} pocket money is another {$allowance} a month.
      >> How much money did {A} get in all?
    ? In {A}'s family, washing the dishes is worth {$dishes} and mowing the lawn {$lawn}. In April, {A} did
      the dishes {dish_times} times and the lawn {lawns~time}. With that came the usual {$allowance} of
      pocket money, but {A} had no other money. >> How much money did {A} get in April?
    ! 10-50: Mowing the lawn takes {A} {noise} minutes.
    for_dishes = dishes * dish_times: for the dishes, {A} got {=~dollar}
    for_lawn = lawn * lawns: for the lawn, {A} got {=~dollar}
    money = allowance + for_dishes + for_lawn: altogether, {A} got {=~dollar}
    """,
    changes=MONEY_CHANGES,
)
RENT = template(
    "wages/month",
    """
    income 1200-4000/50; rent_part 3|4|5; food 150-500/10; other 80-400/10
    ? {A} earns {$income} a month. {he} pays {1/rent_part} of it for rent, {$food} for food and {$other} for
      everything else. >> How much can {A} save each month?
    ? Of {his} monthly pay of {$income}, {A} needs {1/rent_part} for the rent. Food costs {him} {$food} a
      month and other things {$other}. >> How much money is left every month?
    ? {A}'s rent is {1/rent_part} of {his} monthly pay, which is {$income}. {he} also spends {$food} on food
      and {$other} on other things each month. >> How much money does {A} have left at the end of a month?
    ! 20-60: {A} is {noise} years old.
    rent = income / rent_part: the rent is {=~dollar}
    expenses = rent + food + other: {A} spends {=~dollar} a month
    saved = income - expenses: that leaves {=~dollar} a month
    > months 3-12
      ? {A} saves what is left every month. >> How much does {A} save in {months} months?
      ? For {months} months, {A} saved everything that was left. >> How much did {A} save in all?
      in_months = saved * months: in {months} months, {A} saves {=~dollar}
      > already 100-900/50
        ? {A} already had {$already} in the bank. >> How much does {A} have after these {months} months?
        in_bank = already + in_months: with the money in the bank, it is {=~dollar}
        > car 1000-9000/100
          ? {A} wants to buy a used car for {$car}. >> How much does {A} still need after these {months}
            months?
          missing = car - in_bank: {A} still needs {=~dollar}
    > pay_rise 40-300/10
      ? Next month, {A}'s pay goes up by {$pay_rise} while everything else, the rent too, stays the same. >>
        How much can {A} save each month then?
      more_saved = saved + pay_rise: with the higher pay, it is {=~dollar} a month
      >
        ? >> How much can {A} save in a year with the higher pay?
        in_year = more_saved * 12: in a year, that is {=~dollar}
    """,
)
WAGES = (WEEK, OVERTIME, TWO_JOBS, COMMISSION, POCKET_MONEY, RENT)
