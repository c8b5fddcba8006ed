"""What readers take away: each column declared once, written as CSV."""
