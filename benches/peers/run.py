#!/usr/bin/env python3
"""The same staged frames through the engine and through pyrender, in one run, on one machine.

usage: python3 benches/peers/run.py DIORAMA [SCENE] [FRAMES] [SEED]

DIORAMA is the built program. The peer lives in target/peers/venv, which this makes when it is missing (it needs the
network then, and Debian's libegl1 and libgl1-mesa-dri); it is no dependency of the engine. The engine's seconds a frame
are those of `diorama bench`: staging, rendering with shadows, soft light, ambient occlusion and the camera chain, every
label, encoding. The peer's are colour with depth and segmentation alone, the scene already loaded.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PLACE = HERE.parent.parent / "target" / "peers"


def python():
    """The peer's interpreter, made when it is missing."""
    venv = PLACE / "venv"
    if not (venv / "ready").is_file():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        pip = [str(venv / "bin" / "pip"), "install", "--quiet"]
        subprocess.run([*pip, "-r", str(HERE / "requirements.txt")], check=True)
        # pyrender asks for a networkx that today's Python cannot import.
        subprocess.run([*pip, "networkx>=3,<3.5"], check=True)
        (venv / "ready").touch()
    return venv / "bin" / "python"


def main():
    diorama, scene, frames, seed = (sys.argv[1:] + ["scenes/shelf.json", "8", "5"][len(sys.argv) - 2 :])[:4]
    interpreter, staged = python(), PLACE / "frames"
    staged.mkdir(parents=True, exist_ok=True)
    for old in staged.glob("*.glb"):
        old.unlink()
    files = []
    for frame in range(int(frames)):
        files.append(str(staged / f"{frame}.glb"))
        subprocess.run(
            [diorama, "stage", scene, "--frame", str(frame), "--seed", seed, "--out", files[-1]],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    ours = json.loads(
        subprocess.run(
            [diorama, "bench", scene, "--frames", frames, "--seed", seed, "--json"],
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
    )
    environment = os.environ | {"PYOPENGL_PLATFORM": "egl"}
    peer = json.loads(
        subprocess.run(
            [str(interpreter), str(HERE / "pyrender_frames.py"), str(staged / "pictures"), *files],
            check=True,
            stdout=subprocess.PIPE,
            env=environment,
        ).stdout
    )
    seconds = statistics.median(row["s"] for row in peer)
    first = statistics.median(row["load_s"] + row["first_s"] for row in peer)
    triangles = statistics.median(row["triangles"] for row in peer)
    print(f"{scene}, {frames} frames of seed {seed}, {ours['image'][0]} x {ours['image'][1]}")
    print(f"engine, everything, {ours['threads']} threads: {1 / ours['images_per_s']:.3f} s a frame")
    print(f"engine, rendering alone: {ours['ms']['gpu'] / 1e3:.3f} s a frame")
    print(f"pyrender, loaded before: {seconds:.3f} s a frame ({triangles:,.0f} triangles)")
    print(f"pyrender, a fresh frame with loading and upload: {first:.3f} s a frame")
    print(
        f"ratios to the engine's everything: {seconds * ours['images_per_s']:.2f} and {first * ours['images_per_s']:.2f}"
    )


if __name__ == "__main__":
    main()
