"""Access: accounts, sessions, invitations, passwords and roles."""
