"""First thing that the user's interpreter executes: loads the runner and leaves no trace of it.

Launched by path, as `python bootstrap.py --control FD`. The runner is loaded under the name
`_tensorhints`, so that a `tensorhints` of the user's own is not shadowed, and this folder leaves
`sys.path`. Written for any Python that may be found, so that an old one can say that it is too old.
"""

import os
import sys
import types

OLDEST = (3, 9)
PACKAGE = "_tensorhints"


def say_too_old(descriptor):
    # type: (int) -> None
    version = ".".join(str(part) for part in sys.version_info[:3])
    body = '{"$":"NotReady","code":"python-too-old","detail":"' + version + '"}'
    frame = bytearray((0, 0, 0, len(body))) + bytearray(body.encode("ascii"))
    os.write(descriptor, bytes(frame))


def load(name):
    # type: (str) -> types.ModuleType
    import importlib

    if PACKAGE in sys.modules:
        return importlib.import_module(PACKAGE + ".runner." + name)
    here = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0] or os.curdir) == here:
        del sys.path[0]
    package = types.ModuleType(PACKAGE, "The runner of Tensor Hints.")
    package.__path__ = [os.path.dirname(here)]
    sys.modules[PACKAGE] = package
    return load(name)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        say_too_old(int(sys.argv[sys.argv.index("--control") + 1]))
        sys.exit(1)
    host = load("host.server")
    try:
        host.main(sys.argv[1:])
    except load("run.process").Become as become:
        run = become.run
    # Only a run's process comes here. This frame is the only one below the program's.
    while True:
        try:
            for code in run:
                exec(code, run.namespace)
        except BaseException as error:
            if run.goes_on(error):
                continue
            run.failed(error)
        break
    run.leave()
