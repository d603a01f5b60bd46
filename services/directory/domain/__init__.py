"""What the directory is about, without a database, a wire or a clock: plain frozen values and the rules on them."""
