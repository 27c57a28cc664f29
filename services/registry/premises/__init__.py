"""Premises (场所, 社会单位): the places with a fire-safety file, one file each (户籍化)."""
