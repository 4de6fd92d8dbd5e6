"""A character-level GPT, trained for a few steps. Run me: python train.py"""
import torch

from config import GPTConfig, TrainConfig
from data import get_batch, load
from model import GPT

cfg = TrainConfig()
torch.manual_seed(cfg.seed)
tok, train_data, val_data = load()
model_cfg = GPTConfig(vocab_size=len(tok))
model = GPT(model_cfg)
optimizer = model.configure_optimizer(cfg.lr, cfg.betas)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, cfg.steps)


@torch.no_grad()
def estimate_loss(iters=2):
    out = {}
    model.eval()
    for split, data in ("train", train_data), ("val", val_data):
        losses = torch.zeros(iters)
        for k in range(iters):
            X, Y = get_batch(data, min(model_cfg.block_size, len(data) - 2), cfg.batch_size)
            logits, loss = model(X, Y)
            losses[k] = loss.item()
        out[split] = losses.mean()
    model.train()
    return out


for step in range(cfg.steps):
    if step % cfg.eval_every == 0:
        losses = estimate_loss()
        print(f"step {step}: train {losses['train']:.3f}, val {losses['val']:.3f}")
    xb, yb = get_batch(train_data, model_cfg.block_size, cfg.batch_size)
    logits, loss = model(xb, yb)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()

model.eval()
context = torch.zeros((1, 1), dtype=torch.long)
sample = model.generate(context, max_new_tokens=20, top_k=10)
print(repr(tok.decode(sample[0].tolist())))
