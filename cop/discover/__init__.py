"""The front pages: home, search, organisations; and the index behind the search."""
