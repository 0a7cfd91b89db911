"""Addresses outside the site that entries name: kept with a title, and looked at now and then."""
