"""Looking after the site: administration now, the moderators' queue when it comes."""
