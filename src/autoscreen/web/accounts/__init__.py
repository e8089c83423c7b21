"""Who may come in: accounts, sessions, invitations, passwords and roles."""
