"""Which variables need a host of their own, and which hosts are closed for memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from tensorhints.engine import host_memory, host_process
from tensorhints.engine.host_kinds import kind_for
from tensorhints.engine.start_environment import read_at_start
from tensorhints.engine.warm_host import WarmHost

AT_START = (
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
    "PYTHONWARNINGS",
    "PYTHONUTF8",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "KMP_AFFINITY",
    "TORCH_LOGS",
    "TORCHINDUCTOR_CACHE_DIR",
    "PYTORCH_CUDA_ALLOC_CONF",
    "CUDA_VISIBLE_DEVICES",
    "LD_PRELOAD",
    "LC_ALL",
    "LANG",
)
LATER = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "MPLBACKEND", "TZ", "HOME", "WANDB_MODE")


@pytest.mark.parametrize("name", AT_START)
def test_these_are_read_at_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name, raising=False)
    assert read_at_start({name: "1", "HOME": "/"}) == ((name, "1"),)
    assert kind_for("auto", read_at_start({name: "1"})) != kind_for("auto")


@pytest.mark.parametrize("name", LATER)
def test_these_are_not(name: str) -> None:
    assert read_at_start({name: "1"}) == ()


def test_what_every_host_inherits_needs_none_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    assert read_at_start({"PYTHONHASHSEED": "0"}) == ()
    assert read_at_start({"PYTHONHASHSEED": "1"}) == (("PYTHONHASHSEED", "1"),)


def test_what_a_host_sets_for_itself_is_read_at_start() -> None:
    assert len(read_at_start(dict.fromkeys(host_process.HOST_ENVIRONMENT, "user"))) == 2


@dataclass(eq=False)
class Host:
    name: str
    size: int
    is_in_use: bool = False


def _closed(limit: int, *hosts: Host) -> list[str]:
    found = host_memory.to_close(
        cast(list[WarmHost], hosts), limit, lambda host: cast(Host, host).size
    )
    return [cast(Host, host).name for host in found]


def test_the_least_recently_used_hosts_are_closed_first() -> None:
    hosts = Host("old", 2), Host("newer", 2), Host("last", 2)
    assert _closed(6, *hosts) == []
    assert _closed(5, *hosts) == ["old"]
    assert _closed(2, *hosts) == ["old", "newer"]


def test_hosts_in_use_and_the_last_one_are_kept() -> None:
    hosts = Host("busy", 2, is_in_use=True), Host("idle", 2), Host("last", 2)
    assert _closed(0, *hosts) == ["idle"]
    assert _closed(0, Host("last", 2)) == []


def test_a_host_without_a_process_is_not_closed() -> None:
    assert _closed(1, Host("closed", 0), Host("last", 2)) == []
