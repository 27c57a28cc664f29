"""The web pages as every form serves them: what `web/` was built into, under `/app/`, and the front page that leads there."""
