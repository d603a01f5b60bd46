"""The demonstration city 清河市: fictional, the same every time, loaded once."""
