import sys

import torch


def main(argv):
    x = torch.ones(len(argv) + 1)
    try:
        return int(x.sum())
    finally:
        cleanup = x * 2


if __name__ == "__main__":
    code = main(sys.argv)
    sys.exit(code)
