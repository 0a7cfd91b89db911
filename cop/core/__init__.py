"""What everything else stands on: the database, time, types, errors, text."""
