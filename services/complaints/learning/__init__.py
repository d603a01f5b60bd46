"""The model of suggestions: what it looks at, how it is trained, how it is asked. It knows no database and no contract."""
