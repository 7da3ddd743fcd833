"""What `./shenpi` runs: this folder, so that the package `bootstrap` is in reach."""

from bootstrap.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
