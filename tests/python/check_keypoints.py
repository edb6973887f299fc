"""usage: check_keypoints.py DATASET

Loads a crib dataset's annotations with pycocotools and evaluates the keypoints against themselves: AP must be 1.
"""
import json
import pathlib
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

path = pathlib.Path(sys.argv[1]) / "annotations.json"
truth = COCO(str(path))
category = next(c for c in truth.dataset["categories"] if c["name"] == "infant")
assert len(category["keypoints"]) == 17 and len(category["skeleton"]) == 19, category
ids = truth.getAnnIds(catIds=[category["id"]])
assert ids, "no infant is annotated"
results = []
for annotation in truth.loadAnns(ids):
    triples = np.array(annotation["keypoints"]).reshape(17, 3)
    assert annotation["num_keypoints"] == int((triples[:, 2] > 0).sum()), annotation["id"]
    assert set(triples[:, 2]) <= {0, 1, 2}, annotation["id"]
    results.append({
        "image_id": annotation["image_id"], "category_id": category["id"],
        "keypoints": annotation["keypoints"], "score": 1.0,
    })
found = truth.loadRes(results)
evaluation = COCOeval(truth, found, "keypoints")
evaluation.params.catIds = [category["id"]]
evaluation.params.kpt_oks_sigmas = np.array(category["sigmas"])
evaluation.evaluate()
evaluation.accumulate()
evaluation.summarize()
print(json.dumps({"infants": len(ids), "AP": evaluation.stats[0]}))
sys.exit(0 if evaluation.stats[0] == 1.0 else 1)
