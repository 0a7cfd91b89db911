"""Collections: entries in an order of their own with a reason for each, kept by curators and trainers."""
