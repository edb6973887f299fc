#!/usr/bin/env python3
"""Makes random COCO files and results, and says what pycocotools makes of them.

usage: coco_cases.py FOLDER CASES

FOLDER/<case>/: truth.json, results.json, case.json (iou, max_dets, and the twelve or ten numbers of summarize where
it can be asked), precision.f64, scores.f64, recall.f64 (raw little-endian arrays). FOLDER/masks.json: polygons and the
compressed masks that the COCO API rasterises them to. Needs pycocotools and numpy.
"""
import contextlib
import io
import json
import pathlib
import random
import sys

from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

WIDTH, HEIGHT = 160, 120


def box(draw):
    if draw.random() < 0.15:
        # Areas exactly at the edges of the ranges: 1024 and 9216.
        side = draw.choice([32, 96])
        return [draw.randint(0, WIDTH - side), draw.randint(0, HEIGHT - side), side, side]
    x, y = draw.randint(0, WIDTH - 12), draw.randint(0, HEIGHT - 12)
    box = [x, y, draw.randint(4, min(110, WIDTH - x)), draw.randint(4, min(100, HEIGHT - y))]
    return [value + draw.choice([0, 0, 0.5, 0.25]) for value in box]


def near(draw, b):
    """A box near another one; steps of whole pixels, so that equal overlaps and exact thresholds occur."""
    step = draw.choice([0, 0, 1, 2, 4, 8])
    x, y, w, h = (value + draw.randint(-step, step) for value in b)
    return [x, y, max(w, 1), max(h, 1)]


def polygon(draw, b):
    x, y, w, h = b
    corner = lambda u, v: [x + u * w + draw.uniform(-2, 2), y + v * h + draw.uniform(-2, 2)]
    corners = [(0, 0), (0.5, -0.1), (1, 0), (1, 1), (0.4, 0.6), (0, 1)]
    if draw.random() < 0.3:
        draw.shuffle(corners)
    return [value for u, v in corners for value in corner(u, v)]


def shape(draw, b, crowd):
    polygons = [polygon(draw, b) for _ in range(draw.choice([1, 1, 2]))]
    kind = draw.choice(["runs", "compressed"]) if crowd else draw.choice(["polygon", "polygon", "compressed"])
    if kind == "polygon":
        return polygons
    rle = masks.merge(masks.frPyObjects(polygons, HEIGHT, WIDTH))
    if kind == "compressed":
        return {"size": rle["size"], "counts": rle["counts"].decode()}
    counts, value, run = [], 0, 0
    for pixel in masks.decode(rle).flatten(order="F"):
        if pixel != value:
            counts.append(run)
            value, run = pixel, 0
        run += 1
    return {"size": [HEIGHT, WIDTH], "counts": counts + [run]}


def keypoints(draw, b, labelled):
    x, y, w, h = b
    points = []
    for _ in range(17):
        v = draw.choice([0, 1, 2, 2]) if labelled else 0
        points += [x + draw.random() * w, y + draw.random() * h, v] if v else [0, 0, 0]
    return points


def moved(draw, points, by):
    return [value if i % 3 == 2 else value + draw.uniform(-by, by) for i, value in enumerate(points)]


def case(draw, iou):
    classes = draw.sample(range(1, 90), draw.randint(1, 4))
    pictures = draw.sample(range(1, 1000), draw.randint(1, 8))
    truths, results = [], []
    # A class may have no truth, no detections, or neither.
    in_truth = [c for c in classes if draw.random() < 0.8]
    in_results = [c for c in classes if draw.random() < 0.85]
    for picture in pictures:
        count = 0 if draw.random() < 0.15 else draw.randint(0, 14)
        for _ in range(count if in_truth else 0):
            b = near(draw, draw.choice(truths)["bbox"]) if truths and draw.random() < 0.3 else box(draw)
            crowd = int(draw.random() < 0.12)
            truth = {"id": len(truths) + 1, "image_id": picture, "category_id": draw.choice(in_truth), "bbox": b,
                     "area": b[2] * b[3] if draw.random() < 0.8 else b[2] * b[3] * 0.6, "iscrowd": crowd}
            if draw.random() < 0.1:
                truth["ignore"] = 1
            if iou == "segm":
                truth["segmentation"] = shape(draw, b, crowd)
            if iou == "keypoints":
                truth["keypoints"] = keypoints(draw, b, draw.random() < 0.85)
                truth["num_keypoints"] = sum(v > 0 for v in truth["keypoints"][2::3])
            truths.append(truth)
        if draw.random() < 0.12 or not in_results:
            continue
        here = [t for t in truths if t["image_id"] == picture]
        for _ in range(draw.randint(0, 25)):
            source = draw.choice(here) if here and draw.random() < 0.75 else {"bbox": box(draw)}
            b = near(draw, source["bbox"])
            category = source.get("category_id", draw.choice(in_results))
            if category not in in_results or draw.random() < 0.1:
                category = draw.choice(in_results)
            score = draw.choice([round(draw.random(), 1), round(draw.random(), 1), draw.random()])
            result = {"image_id": picture, "category_id": category, "score": score}
            if iou == "bbox" or draw.random() < 0.3:
                result["bbox"] = b
            if iou == "segm":
                rle = masks.merge(masks.frPyObjects([polygon(draw, b)], HEIGHT, WIDTH))
                result["segmentation"] = {"size": rle["size"], "counts": rle["counts"].decode()}
            if iou == "keypoints":
                points = source.get("keypoints", keypoints(draw, b, True))
                result["keypoints"] = moved(draw, points, draw.choice([0, 2, 6, 20]))
            results.append(result)
    # The COCO API judges by the first result whether all have boxes.
    if iou != "bbox":
        with_box = draw.random() < 0.5
        for result in results:
            x, y, w, h = box(draw)
            result.pop("bbox", None)
            if with_box:
                result["bbox"] = [x, y, w, h]
    images = [{"id": i, "file_name": f"{i}.jpg", "width": WIDTH, "height": HEIGHT} for i in pictures]
    categories = [{"id": c, "name": f"class {c}"} for c in classes]
    return {"images": images, "annotations": truths, "categories": categories}, results


def evaluate(truth, results, iou, max_dets):
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        found = coco.loadRes(results) if results else COCO()
        if not results:
            found.dataset = {"images": truth["images"], "categories": truth["categories"], "annotations": []}
            found.createIndex()
        evaluation = COCOeval(coco, found, iou)
        evaluation.params.maxDets = max_dets
        evaluation.evaluate()
        evaluation.accumulate()
        quoted = max_dets == [1, 10, 100] or (iou == "keypoints" and max_dets == [20])
        if quoted:
            evaluation.summarize()
    return evaluation.eval, list(map(float, evaluation.stats)) if quoted else None


def main():
    root, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    for number in range(count):
        draw = random.Random(number)
        iou = ["bbox", "bbox", "segm", "keypoints"][number % 4]
        choices = [[20], [20], [1, 5, 20]] if iou == "keypoints" else [[1, 10, 100], [1, 10, 100, 300], [2, 7]]
        max_dets = draw.choice(choices)
        truth, results = case(draw, iou)
        folder = root / str(number)
        folder.mkdir(parents=True)
        # Before evaluation, which writes into the records.
        (folder / "truth.json").write_text(json.dumps(truth))
        (folder / "results.json").write_text(json.dumps(results))
        found, stats = evaluate(truth, results, iou, max_dets)
        for name in ("precision", "scores", "recall"):
            found[name].astype("<f8").tofile(folder / f"{name}.f64")
        (folder / "case.json").write_text(json.dumps({"iou": iou, "max_dets": max_dets, "stats": stats}))
    draw, drawn = random.Random(-1), []
    for _ in range(300):
        b = [draw.uniform(-30, WIDTH), draw.uniform(-30, HEIGHT), draw.uniform(0, 90), draw.uniform(0, 90)]
        polygons = [polygon(draw, b) for _ in range(draw.choice([1, 1, 2]))]
        if draw.random() < 0.2:
            polygons = [[float(round(value)) for value in p] for p in polygons]
        rle = masks.merge(masks.frPyObjects(polygons, HEIGHT, WIDTH))
        drawn.append({"polygons": polygons, "counts": rle["counts"].decode()})
    (root / "masks.json").write_text(json.dumps({"size": [HEIGHT, WIDTH], "masks": drawn}))


if __name__ == "__main__":
    main()
