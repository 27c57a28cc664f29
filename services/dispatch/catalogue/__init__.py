"""The responsibility catalogue (权责清单): which category is whose duty, with which limits."""
