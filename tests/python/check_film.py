"""usage: check_film.py FILM.mp4 DATASET FPS

Plays a film with FFmpeg's decoders and holds its pictures against those of the dataset, in order.
"""
import json
import pathlib
import sys

import av
import numpy as np
from PIL import Image

film, dataset, fps = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
names = ["images/" + image["file_name"] for image in json.loads((dataset / "annotations.json").read_text())["images"]]
with av.open(film) as container:
    stream = container.streams.video[0]
    assert stream.codec_context.name in ("libdav1d", "libaom-av1", "av1"), stream.codec_context.name
    assert abs(float(stream.average_rate) - fps) < 1e-3, stream.average_rate
    assert abs(container.duration / 1e6 - len(names) / fps) < 0.01, container.duration
    pictures = [(float(frame.time), frame.to_ndarray(format="rgb24")) for frame in container.decode(stream)]
assert len(pictures) == len(names), f"{len(pictures)} pictures, not {len(names)}"


def off(shown, name):
    wanted = np.asarray(Image.open(dataset / name).convert("RGB"), np.float64)
    height, width = wanted.shape[:2]
    assert shown.shape[1] == width and shown.shape[0] > height, (shown.shape, wanted.shape)
    return np.abs(shown[:height] - wanted).mean()


# Each shows its own picture, but for noise and the slightest motion, which a film of few bytes does not keep.
for index, (time, shown) in enumerate(pictures):
    assert abs(time - index / fps) < 1e-3, (index, time)
    apart = [off(shown, name) for name in names]
    assert apart[index] < min(8, min(apart) + 1.5), f"picture {index}: {apart}"
assert off(pictures[-1][1], names[0]) > 2 * off(pictures[0][1], names[0]), "it moves: the comparison can fail"
print("pass")
