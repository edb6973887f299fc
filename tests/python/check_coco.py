#!/usr/bin/env python3
"""Reads a dataset as its users will: with pycocotools, and none of the engine's code.

usage: check_coco.py DATASET

Every picture is opened, every mask decoded and held against its box, its area, the other masks of its picture and
the stored instance ids. Then the ground truth, handed in as detections, must score an average precision of 1.
Exit status 1 when anything is wrong. Needs pycocotools, numpy and pillow.
"""
import contextlib
import io
import json
import pathlib
import sys

import numpy as np
from PIL import Image
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

MAX_DETECTIONS = 3000


def quietly(call, *arguments):
    with contextlib.redirect_stdout(io.StringIO()):
        return call(*arguments)


def extents(mask):
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return [columns[0], rows[0], columns[-1] + 1 - columns[0], rows[-1] + 1 - rows[0]]


def check_image(root, coco, image, wrong):
    name = image["file_name"]
    with Image.open(root / "images" / name) as picture:
        picture.load()
        if picture.size != (image["width"], image["height"]):
            wrong(f"{name}: {picture.size} is not the stated size")
    stem = pathlib.Path(name).stem
    id_path = root / "instances" / f"{stem}.png"
    ids = np.asarray(Image.open(id_path)).astype(int) if id_path.is_file() else None
    owner = np.zeros((image["height"], image["width"]), int)
    for annotation in coco.imgToAnns[image["id"]]:
        where = f"{name}: annotation {annotation['id']}"
        category = coco.cats[annotation["category_id"]]
        mask = coco.annToMask(annotation).astype(bool)
        if category["supercategory"] == "virtual":
            # Rasterised outlines round to pixels.
            if not np.allclose(extents(mask), annotation["bbox"], atol=1.01):
                wrong(f"{where}: outline {extents(mask)}, box {annotation['bbox']}")
            continue
        if not mask.any():
            wrong(f"{where}: empty mask")
            continue
        if list(map(float, extents(mask))) != annotation["bbox"]:
            wrong(f"{where}: mask {extents(mask)}, box {annotation['bbox']}")
        if mask.sum() != annotation["area"] or masks.area(annotation["segmentation"]) != annotation["area"]:
            wrong(f"{where}: mask of {mask.sum()} pixels, area {annotation['area']}")
        if owner[mask].any():
            wrong(f"{where}: overlaps instance {owner[mask].max()}")
        owner[mask] = annotation["instance_id"]
        if ids is not None and not np.array_equal(mask, ids == annotation["instance_id"]):
            wrong(f"{where}: is not what the instance ids show")
        if not 0 < annotation["visibility"] <= 1 or not 0 <= annotation["truncation"] <= 1:
            wrong(f"{where}: visibility or truncation out of range")


def average_precision(coco, kind):
    """Of the ground truth as detections; with room for as many objects as shelves hold."""
    detections = [
        {key: a[key] for key in ("image_id", "category_id", "bbox", "segmentation")} | {"score": 1.0}
        for a in coco.dataset["annotations"]
        if not a["iscrowd"] and coco.cats[a["category_id"]]["supercategory"] != "virtual"
    ]
    evaluation = COCOeval(coco, coco.loadRes(detections), kind)
    evaluation.params.maxDets = [MAX_DETECTIONS]
    drawn = [i for i, c in coco.cats.items() if c["supercategory"] != "virtual"]
    evaluation.params.catIds = drawn
    evaluation.evaluate()
    evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    return float(precision[precision > -1].mean())


def main():
    root = pathlib.Path(sys.argv[1])
    faults = []
    coco = quietly(COCO, root / "annotations.json")
    for key in ("images", "annotations", "categories"):
        ids = [entry["id"] for entry in coco.dataset[key]]
        if len(ids) != len(set(ids)):
            faults.append(f"{key}: ids are not unique")
    counts = json.loads((root / "manifest.json").read_text())["counts"]
    found = {key: len(coco.dataset[key]) for key in ("annotations", "categories")} | {"frames": len(coco.imgs)}
    for key, count in found.items():
        if counts[key] != count:
            faults.append(f"manifest: {counts[key]} {key}, there are {count}")
    for image in coco.dataset["images"]:
        check_image(root, coco, image, faults.append)
    for fault in faults[:20]:
        print(fault)
    scores = {kind: quietly(average_precision, coco, kind) for kind in ("bbox", "segm")}
    print(f"{len(coco.imgs)} pictures, {len(coco.anns)} annotations, {len(faults)} faults")
    for kind, score in scores.items():
        print(f"{kind} AP {score:.3f}")
    return 1 if faults or min(scores.values()) < 0.9995 else 0


if __name__ == "__main__":
    sys.exit(main())
