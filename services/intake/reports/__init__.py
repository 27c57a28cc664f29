"""Reports (民情): what somebody told us, once, through one channel."""
