import queue
import threading
from concurrent.futures import ThreadPoolExecutor

import torch


def work(n):
    t = torch.ones(n)
    u = t * 2
    return u.sum()


with ThreadPoolExecutor(2) as pool:
    sums = list(pool.map(work, [1, 2, 3]))
box = queue.Queue()


def producer():
    for n in range(3):
        item = torch.full((n + 1,), 1.0)
        box.put(item)
    box.put(None)


thread = threading.Thread(target=producer)
thread.start()
while (got := box.get()) is not None:
    seen = got + 1
thread.join()
lock = threading.Lock()
with lock as held:
    total = torch.stack(sums).sum()
