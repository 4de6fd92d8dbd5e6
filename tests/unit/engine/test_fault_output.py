"""Reading the output of faulthandler."""

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


def test_the_innermost_frame_in_the_file_is_found() -> None:
    assert stopped_at(CRASH, ["/w/a.py"]) == ("/w/a.py", 11)


def test_the_innermost_frame_in_any_known_file_is_found() -> None:
    assert stopped_at(CRASH, ["/w/a.py", "/w/part.py"]) == ("/w/part.py", 2)


def test_a_file_below_a_root_is_found_if_known_files_are_not() -> None:
    assert stopped_at(CRASH, ["/elsewhere.py"], ["/w"]) == ("/w/part.py", 2)
    assert stopped_at(CRASH, ["/elsewhere.py"], ["/w/par"]) is None


def test_another_thread_is_searched_if_the_current_one_has_no_known_frame() -> None:
    assert stopped_at(CRASH.replace("Current thread", "Thread"), ["/w/a.py"]) == ("/w/a.py", 89)


def test_other_text_is_not_a_location() -> None:
    assert stopped_at("", ["/w/a.py"]) is None
    assert stopped_at('  File "/w/a.py", line 12 in f\n', ["/w/a.py"]) is None


def test_escaped_names_are_recognised() -> None:
    text = (
        'Stack (most recent call first):\n  File "/w/h\\xe9 \\U0001d53d\\u4e2d.py", line 1 in f\n'
    )
    assert stopped_at(text, ["/w/hé 𝔽中.py"]) == ("/w/hé 𝔽中.py", 0)


def test_names_that_faulthandler_cut_are_recognised() -> None:
    path = "/w/" + "n" * 600
    text = f'Stack (most recent call first):\n  File "{path[:500]}...", line 7 in f\n'
    assert stopped_at(text, [path]) == (path, 6)
