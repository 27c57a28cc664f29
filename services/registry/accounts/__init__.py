"""Accounts: who may sign in, and the sessions of those who have. The only slice that signs tokens."""
