"""What the evaluation service is about: plans, campaigns, papers and ballots, adjustments, results. Plain and frozen."""
