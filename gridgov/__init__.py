"""The `gridgov` command and the ways to run GridGov: embedded, as a cluster; and what its operator needs."""
