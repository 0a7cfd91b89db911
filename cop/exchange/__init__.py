"""Import and export: the files people bring and take away, in the format of the starter content."""
