"""Accounts, sessions, roles, invitations and organisations: who somebody is and how she proves it."""
