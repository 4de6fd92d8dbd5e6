"""Source text and syntax trees, as the user's own Python reads them. Pure: executes nothing."""
