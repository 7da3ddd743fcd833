"""What the tests that span addons share: a running server, its clients, a real browser."""
