"""Tables as offices have them: reading any workbook or CSV, writing safe ones, and ledgers (one description for both).

Pure library code: bytes in, bytes out; no network, no event loop. Whatever cannot be read is refused with what to do.
"""
