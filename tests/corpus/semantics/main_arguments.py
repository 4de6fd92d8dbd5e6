# arguments: --n 4 --name "two words" rest -- --last
import argparse
import sys


def main(argv=None):
    parser = argparse.ArgumentParser(description="Adds up.")
    parser.add_argument("--n", type=int, default=3)
    parser.add_argument("--name")
    parser.add_argument("others", nargs="*")
    args = parser.parse_args(argv)
    print(args, parser.prog, sys.argv[1:])
    try:
        parser.parse_args(["--n", "x"])
    except SystemExit as stop:
        print("status", stop.code)
    sys.exit(args.n)


if __name__ == "__main__":
    main()
