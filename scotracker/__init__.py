"""The site: settings, root addresses and the two server interfaces."""
