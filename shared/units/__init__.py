"""The projection of units that services keep from registry's compacted topic, and what they ask of it."""
