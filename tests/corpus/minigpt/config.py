from dataclasses import dataclass, field


@dataclass
class GPTConfig:
    block_size: int = 16
    vocab_size: int = 0
    n_layer: int = 2
    n_head: int = 4
    n_embd: int = 32
    dropout: float = 0.1
    bias: bool = False


@dataclass(frozen=True)
class TrainConfig:
    batch_size: int = 8
    steps: int = 6
    lr: float = 3e-3
    betas: tuple = (0.9, 0.95)
    eval_every: int = 3
    seed: int = 1337
    tags: list = field(default_factory=list)
