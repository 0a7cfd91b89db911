"""Where files lie, and what makes a harmless picture of one that somebody sends."""
