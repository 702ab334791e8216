"""Files into tables: CSV, XLSX and JSON, of HSDS or by a map, in a child process with limits.

`apart.read_apart` is the way in. Everything else here runs in the child and knows no database, so that a
file made to do harm meets a small program that may use little memory and little time.
"""
