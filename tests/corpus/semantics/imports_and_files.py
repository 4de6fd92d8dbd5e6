import importlib
import os
import pickle
import runpy
import sys
import tempfile
import types

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "side_module.py"), "w") as out:
        out.write("'''Side.'''\nimport sys\nx = [1, 2]\ndef f(a):\n    b = a / 0\n    return b\nclass K: pass\nprint('importing', __name__, len(__file__) > 5, __package__ == '')\n")
    with open(os.path.join(folder, "broken_module.py"), "w") as out:
        out.write("def f(:\n    pass\n")
    sys.path.insert(0, folder)
    import side_module

    print(side_module.x, side_module.__doc__, type(side_module.__loader__).__name__, side_module.__spec__.name, sorted(k for k in vars(side_module) if k[0] != "_"))
    importlib.reload(side_module)
    print(pickle.loads(pickle.dumps(side_module.K())).__class__ is side_module.K)
    result = runpy.run_path(os.path.join(folder, "side_module.py"), run_name="run")
    print(result["x"], result["__name__"])
    try:
        import broken_module
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset)
    try:
        import no_such_module_at_all
    except ModuleNotFoundError as error:
        print(error, error.name)
    exec(compile("q = 1\ndef g(): return q", "made up", "exec"), ns := {})
    print(ns["g"](), ns["g"].__code__.co_filename)
    module = types.ModuleType("fresh")
    exec("y = 2", module.__dict__)
    print(module.y, [f for f in sorted(os.listdir(folder)) if not f.startswith("__")])
    print(sorted(os.listdir(os.path.join(folder, "__pycache__"))) if os.path.isdir(os.path.join(folder, "__pycache__")) else None)
import __main__

print(__main__.module is module, sys.modules["__main__"].__dict__ is globals())
with open(__file__, encoding="utf-8") as own:
    print(len(own.read()) > 100)
side_module.f(1)
