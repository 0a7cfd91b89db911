"""What a workshop hands out on paper: one sheet, and a booklet with all that it is built on."""
