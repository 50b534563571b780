"""`python -m gateway` is `returns-gateway`."""

from gateway.cli import main

if __name__ == "__main__":
    main()
