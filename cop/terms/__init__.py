"""The shared vocabulary: lists of terms with names in both languages, definitions, sources and relations."""
