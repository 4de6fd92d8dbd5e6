import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info

torch.manual_seed(0)


class Data(Dataset):
    def __len__(self):
        return 10

    def __getitem__(self, i):
        info = get_worker_info()
        x = torch.ones(2) * i
        y = torch.rand(1)
        return x, y, info.id if info else -1


def init(worker_id):
    torch.set_num_threads(1)


if __name__ == "__main__":
    for context in ("fork", "spawn"):
        loader = DataLoader(Data(), 4, num_workers=2, multiprocessing_context=context, worker_init_fn=init)
        for x, y, w in loader:
            s = x.sum()
            print(context, s, y.shape, w.unique(), y[0])
    loader = DataLoader(Data(), 4, num_workers=1, persistent_workers=True)
    for epoch in range(2):
        print(epoch, [x.sum().item() for x, _, _ in loader])
