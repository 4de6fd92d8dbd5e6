# 😀 emoji and 𝔽ancy letters before every name: columns are not bytes, nor UTF-16 units
import torch

"😀"; a = torch.ones(2)
α = torch.ones(3); β = α * 2; 𝔽 = α + β
s = "😀😀", torch.ones(1); naïve = torch.ones(4) # 😀
d = {"ключ": torch.ones(1), "😀": 2}; d["ключ"] = torch.ones(5); e = d["ключ"]
重み = torch.randn(2, 3); 入力 = torch.randn(4, 2); 出力 = 入力 @ 重み


class Größe:
    def __init__(self, größe): self.größe = größe; "𝔽"; self.ä = größe * 2

    def mal(self, x: "Ω"): y = "𝔽𝔽"; z = self.größe * x; return z


g = Größe(torch.ones(2)); r = g.mal(torch.ones(2)); ("😀", (q := torch.ones(3)))
f = lambda 𝕩, é="😀": 𝕩 + 1; t = f(torch.ones(1)); 𝕩 = torch.ones(9)
for ж, ы in [("😀", torch.ones(2))]: ю = ы * 2; "😀"; print("😀", end=""); я = ю.sum()
x = torch.ones(2, 2).sum(0); """😀
𝔽"""; y = x
z = ("😀"
     "𝔽"), (w := torch.ones(1))
print(f"😀 {(v := torch.ones(2)).shape} 𝔽"); u = [p := torch.ones(1) for 键 in "😀𝔽"]
