"""
Asks servers on the web: politely, patiently, and so that a damaged answer is never taken as whole.

It owns retries, pauses, the rate and time limits, and the files with the user's settings. It must
not know what is asked.
"""
