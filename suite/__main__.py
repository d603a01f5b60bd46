"""`python -m suite` is the `zhengfeng` command."""

from suite.commands import app

if __name__ == "__main__":
    app(prog_name="zhengfeng")
