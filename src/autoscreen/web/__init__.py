"""The web interface: pages in the browser, for one person or a team.

It owns the pages and who may use them. It must not know how records are stored or ranked:
everything goes through `autoscreen.review`. CONTRIBUTING.md says how to add a page.
"""
