"""The exact tally: from the bytes of the ballots to a ranked table.

    counts.py   how often each answer was given, by rater group, object and dimension (whole numbers)
    trimming.py which of these answers stay where a plan cuts off the best and the poorest
    scores.py   from counts to exact scores with their intervals (fractions)
    places.py   from scores to places inside a group: ties, rank intervals, grades

There is no running counter anywhere: every table is made from the stored ballots, and the same ballots in any order give the
same table bit for bit. No float is used from the first byte to the last digit.
"""
