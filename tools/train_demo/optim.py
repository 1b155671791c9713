"""Muon for the matrices inside the towers (all singular values of its steps are alike),
AdamW for the rest."""
import torch


def orthogonal(g, steps=5, dtype=torch.float32):
    """Newton-Schulz iteration towards the nearest (semi-)orthogonal matrix."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (g / (g.norm() + 1e-7)).to(dtype)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return (x.T if tall else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr=.02, momentum=.95, decay=.02, dtype=torch.float32):
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})
        self.dtype = dtype                            # of the iteration: bfloat16 is faster where the CPU has it

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                m.lerp_(p.grad, 1 - group["momentum"])
                step = p.grad.lerp(m, group["momentum"]).flatten(1)      # a convolution's kernel as a matrix too
                u = orthogonal(step, dtype=self.dtype).view(p.shape)
                p.mul_(1 - group["lr"] * group["decay"])
                p.add_(u, alpha=-group["lr"] * max(1, step.shape[0] / step.shape[1]) ** .5)


def optimizers(net, lr=1.5e-3, muon_lr=.02):
    inner = [p for n, p in net.clip.named_parameters() if ".layers." in n and p.ndim == 2]
    chosen = {id(p) for p in inner}
    rest = [p for p in net.parameters() if id(p) not in chosen]
    decay = [p for p in rest if p.ndim > 1]
    plain = [p for p in rest if p.ndim <= 1]
    adam = torch.optim.AdamW([{"params": decay, "weight_decay": .05}, {"params": plain, "weight_decay": 0}],
                             lr=lr, betas=(.9, .98), eps=1e-8)
    return [Muon(inner, muon_lr), adam]
