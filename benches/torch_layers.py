#!/usr/bin/env python3
"""The same layers in our trainer's framework and in PyTorch, on the processor, in one run.

usage: torch_layers.py [REPEATS]

Runs `cargo bench --profile dev --bench layers`, builds the networks that it prints in PyTorch, and times the same passes
with as many threads. Needs torch: pip install torch.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Network(nn.Module):
    """The list of layers, executed."""

    def __init__(self, layers, outputs):
        super().__init__()
        self.layers, self.outputs, self.parts = layers, outputs, nn.ModuleList()
        shared = {}
        for kind, _, of in layers:
            if kind == "conv":
                conv = nn.Conv2d(of["from"], of["to"], of["kernel"], of["stride"], of["kernel"] // 2, bias=of["bias"])
                conv.weight = shared.setdefault(of["weight"], conv.weight)
                self.parts.append(conv)
            elif kind == "norm":
                self.parts.append(nn.BatchNorm2d(of["channels"], eps=1e-3))
            else:
                self.parts.append(nn.Identity())

    def forward(self, x):
        values = [x]
        for (kind, inputs, _), part in zip(self.layers, self.parts):
            given = [values[i] for i in inputs]
            if kind in ("conv", "norm"):
                values.append(part(given[0]))
            elif kind == "silu":
                values.append(functional.silu(given[0]))
            elif kind == "add":
                values.append(given[0] + given[1])
            else:
                values.append(functional.interpolate(given[0], scale_factor=2, mode="nearest"))
        return [values[i] for i in self.outputs]


def timed(what, side, repeats, learn):
    network = Network(what["layers"], what["outputs"]).train(learn)
    x = torch.sin(torch.arange(what["batch"] * 3 * side * side) * 0.01).reshape(what["batch"], 3, side, side)

    def once():
        start = time.perf_counter()
        if learn:
            sum((y**2).mean() for y in network(x)).backward()
        else:
            with torch.inference_mode():
                sum(float(y.sum()) for y in network(x))
        return time.perf_counter() - start

    once()
    return [once() for _ in range(repeats)]


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    command = ["cargo", "bench", "--quiet", "--profile", "dev", "--bench", "layers", "--", str(repeats)]
    said = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {said['side']} x {said['side']} pixels")
    print("network  pass     pictures  ours ms  torch ms  torch / ours")
    for network in said["networks"]:
        for kind in ("detect", "train"):
            what = network[kind]
            ours = statistics.median(what["seconds"])
            theirs = statistics.median(timed(what, said["side"], repeats, kind == "train"))
            print(
                f"{network['name']:7}  {kind:7}  {what['batch']:8}  {1e3 * ours:7.1f}  {1e3 * theirs:8.1f}"
                f"  {theirs / ours:12.2f}"
            )


main()
