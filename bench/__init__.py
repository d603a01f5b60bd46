"""What is fast, and how we know: each row measures us beside a ceiling in the same run. See README.md."""
