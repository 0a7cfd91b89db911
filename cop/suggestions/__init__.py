"""Terms that members suggest, and what curators make of them."""
