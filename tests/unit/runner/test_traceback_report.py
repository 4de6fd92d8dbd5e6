"""Which frames are cut out of a program's traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorhints.runner.run.traceback_report import FORWARDING_FILES


@pytest.mark.parametrize("path", FORWARDING_FILES)
def test_files_that_forward_calls_exist(path: str) -> None:
    assert Path(path).is_file()
