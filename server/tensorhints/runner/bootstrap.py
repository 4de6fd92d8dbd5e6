"""Loads the runner in the user's interpreter, launched as `python bootstrap.py --control FD`.

The runner is loaded under the name `_tensorhints`, so that it does not shadow a `tensorhints` of
the user's own, and this folder is removed from `sys.path`. The file is written for any Python, so
that one that is too old can report that.
"""

import sys

AT_START = frozenset(sys.modules)

import os  # noqa: E402
import types  # noqa: E402

OLDEST = (3, 9)
PACKAGE = "_tensorhints"


def report_too_old(descriptor):
    # type: (int) -> None
    """Send `NotReady` in the wire format, without the modules that would encode it."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    body = '{"$":"NotReady","code":"python-too-old","detail":"' + version + '"}'
    frame = bytearray((0, 0, 0, len(body))) + bytearray(body.encode("ascii"))
    os.write(descriptor, bytes(frame))


def load(name):
    # type: (str) -> types.ModuleType
    """Import a module of the runner by its name below `runner`."""
    import importlib

    if PACKAGE in sys.modules:
        return importlib.import_module(PACKAGE + ".runner." + name)
    here = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0] or os.curdir) == here:
        del sys.path[0]
    package = types.ModuleType(PACKAGE, "The runner of Tensor Hints.")
    package.__path__ = [os.path.dirname(here)]
    sys.modules[PACKAGE] = package
    importlib.import_module(PACKAGE + ".runner.own_modules").install(
        os.path.dirname(here), AT_START
    )
    return load(name)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        report_too_old(int(sys.argv[sys.argv.index("--control") + 1]))
        sys.exit(1)
    import builtins

    # A program may replace them in `builtins`, where this frame would look them up. To Python 2,
    # `exec` is a keyword.
    exec_code, AnyException = vars(builtins)["exec"], BaseException
    host = load("host.server")
    try:
        host.main(sys.argv[1:])
    except load("run.process").Become as become:
        run = become.run
    # Only the process of a run gets here. This frame is the only one below the program's.
    while True:
        try:
            for code in run:
                exec_code(code, run.namespace)
        except AnyException as error:
            if run.continues_after(error):
                continue
            run.failed(error)
        break
    run.leave()
