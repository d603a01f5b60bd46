"""The whole suite in one place: the `zhengfeng` command, the embedded default and the supervisor of separate processes."""
