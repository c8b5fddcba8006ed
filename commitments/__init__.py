"""The engine of the tracker: it knows commitments and their follow-through, and nothing of any one organisation."""
