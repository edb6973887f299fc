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
names = [output.name for output in network.get_outputs()]
given = dict(zip(names, network.run(names, {"pictures": pictures})))
scores, boxes, kept = (given[name] for name in ("scores", "boxes", "kept"))


def expected(name):
    return numpy.fromfile(folder / name, numpy.float32)


def difference(name, values):
    wanted = expected(name).reshape(values.shape)
    return (numpy.abs(values - wanted) / numpy.maximum(1, numpy.abs(wanted))).reshape(-1, values.shape[-1]).max(1)


if "picture_of" in given:
    # Regions whose scores are nearly equal may have changed places: each is compared with the nearest of its picture.
    counts = expected("counts").astype(int)
    found = [int((given["picture_of"] == picture).sum()) for picture in range(len(counts))]
    if found != counts.tolist():
        print(json.dumps({"scores": 1e9, "boxes": 1e9, "keypoints": 0, "has_keypoints": False, "kept_sorted": True}))
        sys.exit()
    truth, sure = expected("boxes").reshape(-1, 4), expected("scores").reshape(-1, scores.shape[1])
    place = numpy.empty(len(boxes), int)
    for picture, start in enumerate(counts.cumsum() - counts):
        mine = numpy.flatnonzero(given["picture_of"] == picture)
        wanted = slice(start, start + counts[picture])
        apart = numpy.abs(truth[wanted, None] - boxes[None, mine]).max(2)
        # Regions cut off at the picture's edges may share a box.
        apart = apart + numpy.abs(sure[wanted, None] - scores[None, mine]).max(2)
        place[wanted] = mine[apart.argmin(1)]
    ordered_scores, ordered_boxes = scores[place], boxes[place]
    score_of = {(picture, kind, box): scores[box, kind] for picture, kind, box in kept}
    # The order of pictures is part of what is promised.
    assert all(given["picture_of"][box] == picture for picture, _, box in kept)
else:
    ordered_scores, ordered_boxes = scores, boxes
    score_of = {(picture, kind, cell): scores[picture, cell, kind] for picture, kind, cell in kept}

has_keypoints = "keypoints" in given
keypoints = difference("keypoints", given["keypoints"]).max() if has_keypoints else 0

# Detections of a picture and class come surest first.
rows = [tuple(row) for row in kept]
order = [score_of[row] for row in rows]
falling = all(a >= b for a, b, g, h in zip(order, order[1:], rows, rows[1:]) if g[:2] == h[:2])
print(
    json.dumps(
        {
            "scores": float(difference("scores", ordered_scores).max()),
            "boxes": float(difference("boxes", ordered_boxes).max()),
            "keypoints": float(keypoints),
            "has_keypoints": has_keypoints,
            "kept_sorted": bool(len(kept) > 0 and falling and boxes.shape[-1] == 4),
        }
    )
)
