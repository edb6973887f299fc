"""Runs model.onnx of a folder in onnxruntime, and says how far its outputs are from those expected."""

import json
import sys
from pathlib import Path

import numpy
import onnxruntime

folder = Path(sys.argv[1])
network = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
_, channels, height, width = network.get_inputs()[0].shape
pictures = numpy.fromfile(folder / "pictures", numpy.float32).reshape(-1, channels, height, width)
scores, boxes, kept = network.run(["scores", "boxes", "kept"], {"pictures": pictures})


def difference(name, values):
    expected = numpy.fromfile(folder / name, numpy.float32).reshape(values.shape)
    return float((numpy.abs(values - expected) / numpy.maximum(1, numpy.abs(expected))).max())


# Detections of a picture and class come surest first.
order = [scores[picture, cell, kind] for picture, kind, cell in kept]
groups = [tuple(row[:2]) for row in kept]
falling = all(a >= b for a, b, g, h in zip(order, order[1:], groups, groups[1:]) if g == h)
print(
    json.dumps(
        {
            "scores": difference("scores", scores),
            "boxes": difference("boxes", boxes),
            "kept_sorted": bool(len(kept) > 0 and falling and boxes.shape[2] == 4),
        }
    )
)
