import sys
import traceback


class Custom(Exception):
    def __str__(self):
        return "custom: " + ", ".join(map(str, self.args))


def first():
    try:
        {}["missing"]
    except KeyError as error:
        raise Custom("while", 1 + 1) from error


def second():
    try:
        first()
    finally:
        int("never a number")


def third():
    try:
        second()
    except ValueError:
        raise RuntimeError("hidden") from None


def group():
    errors = []
    for f in (first, second, third):
        try:
            f()
        except Exception as error:
            error.add_note(f"in {f.__name__}")
            errors.append(error)
    raise ExceptionGroup("several", errors)


for f in (first, second, third, group):
    try:
        f()
    except* Custom as caught:
        print("caught", len(caught.exceptions), caught.exceptions[0].__notes__ if f is group else "")
    except* Exception:
        traceback.print_exc()
try:
    try:
        raise KeyError("a")
    except KeyError:
        raise
except KeyError as error:
    print(error.__traceback__.tb_lineno, sys.exc_info()[0].__name__)
print(sys.exc_info())
try:
    raise BaseExceptionGroup("base", [KeyboardInterrupt(), ValueError(1)])
except* KeyboardInterrupt:
    print("interrupt handled")
    try:
        group()
    except ExceptionGroup as g:
        raise TypeError("outer") from g
