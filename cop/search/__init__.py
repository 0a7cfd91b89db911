"""Finding entries in either language and either script; `engine` says what is promised."""
