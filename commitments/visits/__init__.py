"""Visits of sources' addresses: which may be visited, how, and what was met. Nothing else about a source is changed."""
