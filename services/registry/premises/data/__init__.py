"""What counts as a key unit (重点单位) or a small place (九小场所), by area: hints for whoever enters premises.

Areas differ, so no row decides anything by itself. `certainty`: S read in the text of the rule, W from a web page.
"""
