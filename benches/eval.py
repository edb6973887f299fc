#!/usr/bin/env python3
"""diorama eval and pycocotools on the same results: 500 pictures of 150 objects.

usage: eval.py DIORAMA [PICTURES [OBJECTS]]

Both read the same two files and compute the same arrays; the whole of each is timed, reading included. The numbers must
agree. Needs pycocotools: target/venv/bin/python, which `cargo xtask test` makes, has it.
"""
import contextlib
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

MAX_DETS = 300


def make(folder, pictures, objects):
    """A crowded shelf: a grid of boxes; detections are moved, missed, and made up."""
    draw = random.Random(0)
    truths, results = [], []
    columns = 25
    for picture in range(1, pictures + 1):
        for place in range(objects):
            x, y = 40 * (place % columns) + draw.uniform(0, 6), 90 * (place // columns) + draw.uniform(0, 6)
            w, h = draw.uniform(20, 38), draw.uniform(40, 84)
            truths.append({"id": len(truths) + 1, "image_id": picture, "category_id": 1, "bbox": [x, y, w, h],
                           "area": w * h, "iscrowd": int(draw.random() < 0.01)})
            if draw.random() < 0.9:
                moved = [value + draw.gauss(0, 2.5) for value in (x, y, w, h)]
                results.append({"image_id": picture, "category_id": 1, "bbox": moved,
                                "score": round(draw.betavariate(5, 2), 3)})
        for _ in range(objects // 5):
            results.append({"image_id": picture, "category_id": 1, "score": round(draw.betavariate(2, 5), 3),
                            "bbox": [draw.uniform(0, 900), draw.uniform(0, 500), 30, 60]})
    images = [{"id": i, "file_name": f"{i}.jpg", "width": 1024, "height": 640} for i in range(1, pictures + 1)]
    truth = {"images": images, "annotations": truths, "categories": [{"id": 1, "name": "product"}]}
    (folder / "truth.json").write_text(json.dumps(truth))
    (folder / "results.json").write_text(json.dumps(results))
    return len(truths), len(results)


def theirs(folder):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(folder / "truth.json")
        evaluation = COCOeval(truth, truth.loadRes(str(folder / "results.json")), "bbox")
        evaluation.params.maxDets = [1, 10, 100, MAX_DETS]
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    return float(precision[precision > -1].mean())


def ours(folder, diorama):
    command = [diorama, "eval", "--data", folder / "truth.json", "--detections", folder / "results.json",
               "--max-dets", str(MAX_DETS), "--faulty", "keep", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["all"]["ap"]


def timed(call, *arguments):
    start = time.perf_counter()
    value = call(*arguments)
    return time.perf_counter() - start, value


def main():
    diorama = sys.argv[1]
    pictures, objects = (int(sys.argv[i]) if len(sys.argv) > i else n for i, n in ((2, 500), (3, 150)))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        counts = make(folder, pictures, objects)
        print(f"{pictures} pictures, {counts[0]} truths, {counts[1]} detections, {MAX_DETS} a picture")
        runs = [timed(ours, folder, diorama) for _ in range(3)]
        seconds, ap = min(runs)
        print(f"diorama eval  {seconds:8.2f} s (fastest of {[round(s, 2) for s, _ in runs]})  AP {ap:.6f}")
        their_seconds, their_ap = timed(theirs, folder)
        print(f"pycocotools   {their_seconds:8.2f} s  AP {their_ap:.6f}")
        print(f"{their_seconds / seconds:.0f} times as fast")
        if abs(ap - their_ap) > 1e-6:
            sys.exit("the numbers differ")


if __name__ == "__main__":
    main()
