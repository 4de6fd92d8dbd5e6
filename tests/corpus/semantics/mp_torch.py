import torch
import torch.multiprocessing as mp


def fill(rank, t):
    t[rank] = rank + 1
    local = t * 2
    print("rank", rank, local.shape, flush=True)


if __name__ == "__main__":
    shared = torch.zeros(1).share_memory_()
    mp.spawn(fill, args=(shared,), nprocs=1)
    print(shared)
    p = mp.get_context("fork").Process(target=fill, args=(0, shared))
    p.start()
    p.join()
    print(p.exitcode, shared)
