import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.manual_seed(0)
seqs = [torch.randn(n, 5) for n in (7, 4, 2)]
padded = pad_sequence(seqs, batch_first=True)
lengths = torch.tensor([len(s) for s in seqs])
lstm = nn.LSTM(5, 6, num_layers=2, bidirectional=True, batch_first=True)
packed = pack_padded_sequence(padded, lengths, batch_first=True)
out, (h, c) = lstm(packed)
unpacked, lens = pad_packed_sequence(out, batch_first=True)
data, sizes = packed.data, packed.batch_sizes


class Cell(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.wx = nn.Linear(n_in, n_hidden)
        self.wh = nn.Linear(n_hidden, n_hidden, bias=False)
        self.n_hidden = n_hidden

    def forward(self, xs, h=None):
        h = torch.zeros(xs.size(0), self.n_hidden) if h is None else h
        hs = []
        for t in range(xs.size(1)):
            x_t = xs[:, t]
            h = torch.tanh(self.wx(x_t) + self.wh(h))
            hs.append(h)
        return torch.stack(hs, 1), h


cell = Cell(5, 3)
states, last = cell(padded)
opt = torch.optim.RMSprop(cell.parameters())
for step in range(2):
    target = torch.zeros_like(last)
    _, pred = cell(padded[:, : 3 + step])
    loss = ((pred - target) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
gru = nn.GRUCell(5, 4)
hx = torch.zeros(3, 4)
for x in padded.unbind(1):
    hx = gru(x, hx)
emb = nn.Embedding(10, 4, padding_idx=0)
tokens = torch.tensor([[1, 2, 0], [3, 0, 0]])
vectors = emb(tokens)
mask = tokens.ne(0)
bag = (vectors * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
enc = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
ctx = enc(vectors, src_key_padding_mask=~mask)
mha = nn.MultiheadAttention(4, 2, batch_first=True)
attn_out, attn_w = mha(vectors, vectors, vectors)
