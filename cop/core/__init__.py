"""What everything else stands on: the database, time, types, errors, text. Imports nothing of the product but settings."""
