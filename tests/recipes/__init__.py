"""The recipes of .github/CONTRIBUTING.md, carried out on a scratch copy of the project."""
