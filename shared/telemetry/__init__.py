"""What the platform says about itself: one trace per request or event, JSON log lines, and the shared metrics."""
