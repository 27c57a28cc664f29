"""The sample city: hand-written `areas.csv`, and what `build_city.py` makes of it (`units.json`, `posts.json`)."""
