"""Rules of complaints: plain values in, changed values and facts out. Nothing here waits, stores or formats."""
