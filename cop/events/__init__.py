"""What happened, in the past tense, kept for ever; and the jobs that follow from it."""
