"""Entry point of `./shenpi`: python runs the folder `config/`, which puts the package `bootstrap` in reach."""

from bootstrap.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
