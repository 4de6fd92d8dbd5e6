"""Makes a PyTorch without CUDA look as if it had two GPUs, in a process with this on its path.

Tensors for a GPU are created on `meta`, which holds no values either. Each context that is opened
is written to the file named by STANDIN_LOG, with its process.
"""

import os

import torch

STATS = {
    "allocated_bytes.all.current": 3 << 20,
    "reserved_bytes.all.current": 20 << 20,
    "allocated_bytes.all.peak": 5 << 20,
}
opened: list[int] = []
visible = os.environ.get("CUDA_VISIBLE_DEVICES", "0,1").split(",")


def open_context(device: object = None) -> None:
    index = device if isinstance(device, int) else 0
    if not opened:
        with open(os.environ["STANDIN_LOG"], "a") as log:
            log.write(f"{os.getpid()} {index}\n")
    opened.append(index)


def set_default_device(device: object) -> None:
    chosen = torch.device(device)
    real_default_device("meta" if chosen.type == "cuda" else chosen)


real_default_device = torch.set_default_device
torch.set_default_device = set_default_device
torch.version.cuda = "12.8"
torch.cuda.is_available = lambda: True
torch.cuda.device_count = lambda: len(visible)
torch.cuda.get_device_name = lambda device=None: "Stand-in GPU"
torch.cuda.is_initialized = lambda: bool(opened)
torch.cuda.current_device = lambda: opened[-1] if opened else 0
# A function of its own for each: torch._dynamo keeps a rule for every function.
torch.cuda.init = lambda: open_context()
torch.cuda.set_device = lambda device: open_context(device)
torch.cuda.synchronize = lambda device=None: open_context(device)
torch.cuda.memory_stats = lambda device=None: STATS if device in opened else {}
