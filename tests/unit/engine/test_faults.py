"""Reading faulthandler's own words."""

from __future__ import annotations

from tensorhints.engine.fault_output import stopped_at

CRASH = """\
Fatal Python error: Segmentation fault

Thread 0x00007f1 (most recent call first):
  File "/w/a.py", line 90 in tick

Current thread 0x00007f2 (most recent call first):
  File "/py/ctypes/__init__.py", line 519 in string_at
  File "/w/part.py", line 3 in g
  File "/w/a.py", line 12 in f
  File "/w/a.py", line 20 in <module>

Extension modules: numpy._core._multiarray_umath (total: 1)
"""


def test_the_innermost_frame_of_the_file_counts() -> None:
    assert stopped_at(CRASH, ["/w/a.py"]) == ("/w/a.py", 11)


def test_the_innermost_frame_of_any_file_that_is_known_counts() -> None:
    assert stopped_at(CRASH, ["/w/a.py", "/w/part.py"]) == ("/w/part.py", 2)


def test_a_file_below_a_root_counts_where_no_known_one_is_there() -> None:
    assert stopped_at(CRASH, ["/elsewhere.py"], ["/w"]) == ("/w/part.py", 2)
    assert stopped_at(CRASH, ["/elsewhere.py"], ["/w/par"]) is None


def test_another_thread_counts_where_the_current_one_says_nothing() -> None:
    assert stopped_at(CRASH.replace("Current thread", "Thread"), ["/w/a.py"]) == ("/w/a.py", 89)


def test_text_of_anything_else_is_no_location() -> None:
    assert stopped_at("", ["/w/a.py"]) is None
    assert stopped_at('  File "/w/a.py", line 12 in f\n', ["/w/a.py"]) is None


def test_names_are_written_with_escapes() -> None:
    text = (
        'Stack (most recent call first):\n  File "/w/h\\xe9 \\U0001d53d\\u4e2d.py", line 1 in f\n'
    )
    assert stopped_at(text, ["/w/hé 𝔽中.py"]) == ("/w/hé 𝔽中.py", 0)


def test_long_names_are_cut() -> None:
    path = "/w/" + "n" * 600
    text = f'Stack (most recent call first):\n  File "{path[:500]}...", line 7 in f\n'
    assert stopped_at(text, [path]) == (path, 6)
