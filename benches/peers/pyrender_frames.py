#!/usr/bin/env python3
"""Renders staged frames with pyrender: colour with depth, then segmentation, at the size and with the camera of the file.

usage: pyrender_frames.py PICTURES_DIR FRAME.glb ...

Prints a line of JSON: per frame the seconds of loading, of the first rendering (uploads and shader compilation) and of
the fastest of three further ones. One light without shadows, no ambient occlusion, no environment, no lens: less than
the engine draws of the same frame.
"""
import json
import os
import pathlib
import struct
import sys
import time

os.environ.setdefault("PYOPENGL_PLATFORM", "egl")

import numpy as np
import pyrender
import trimesh
from PIL import Image


def document(path):
    """The JSON chunk of a .glb file."""
    data = path.read_bytes()
    (length,) = struct.unpack("<I", data[12:16])
    return json.loads(data[20 : 20 + length])


def staged(path):
    """The frame as a pyrender scene, its picture's size, and how many triangles and labelled things it has."""
    gltf = document(path)
    loaded = trimesh.load(path, process=False)
    scene = pyrender.Scene.from_trimesh_scene(loaded, bg_color=[0.5, 0.5, 0.5, 1.0], ambient_light=[0.4] * 3)
    node = next(node for node in gltf["nodes"] if "camera" in node)
    lens = node["extras"]["intrinsics"]
    pose = np.array(node["matrix"]).reshape(4, 4).T
    camera = pyrender.IntrinsicsCamera(lens["fx"], lens["fy"], lens["cx"], lens["cy"], znear=0.05, zfar=50.0)
    scene.add(camera, pose=pose)
    scene.add(pyrender.DirectionalLight(color=np.ones(3), intensity=3.0), pose=pose)
    triangles = sum(primitive.indices.size // 3 for mesh in scene.meshes for primitive in mesh.primitives)
    drawn = sum(
        primitive.indices.size // 3 for node in scene.mesh_nodes for primitive in node.mesh.primitives
    )
    return scene, (lens["size"]["width"], lens["size"]["height"]), triangles, drawn


def render(renderer, scene, colours):
    colour, depth = renderer.render(scene, flags=pyrender.RenderFlags.NONE)
    ids, _ = renderer.render(scene, flags=pyrender.RenderFlags.SEG, seg_node_map=colours)
    return colour, depth, ids


def main():
    pictures, frames = pathlib.Path(sys.argv[1]), [pathlib.Path(name) for name in sys.argv[2:]]
    pictures.mkdir(parents=True, exist_ok=True)
    rows = []
    for path in frames:
        begun = time.perf_counter()
        scene, size, _, drawn = staged(path)
        loaded = time.perf_counter() - begun
        colours = {node: (i & 255, i >> 8 & 255, 0) for i, node in enumerate(scene.mesh_nodes, 1)}
        renderer = pyrender.OffscreenRenderer(*size)
        times = []
        for _ in range(4):
            begun = time.perf_counter()
            colour, _, ids = render(renderer, scene, colours)
            times.append(time.perf_counter() - begun)
        renderer.delete()
        Image.fromarray(colour).save(pictures / f"{path.stem}.pyrender.png")
        rows.append(
            {
                "frame": path.stem,
                "nodes": len(colours),
                "triangles": drawn,
                "ids_seen": len(np.unique(ids.reshape(-1, 3), axis=0)) - 1,
                "load_s": loaded,
                "first_s": times[0],
                "s": min(times[1:]),
            }
        )
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
