"""Collects the parts of a body: vertices split where texture coordinates differ, polygons cut into triangles."""
import numpy as np

from surface import normals

COPYRIGHT = "MakeHuman team (base mesh, targets, rig), Mika Suominen (facial action units), Diorama contributors; CC0-1.0"
DM = 0.1  # metres


class Builder:
    """`rig`: bones as `Source.rig` gives them, the pelvis first; `weights`: one column a bone; `base`: decimetres;
    `morphs`: displacements by name."""

    def __init__(self, source, rig, weights, base, morphs):
        self.source, self.rig, self.weights, self.base, self.morphs = source, rig, weights, base, morphs
        self.names = [name for name, _, _ in rig]
        self.bones = {name: bone for name, _, bone in rig}
        self.origin = source.joint(self.bones["pelvis"]["head"], base)
        self.parts, self.names_of_parts = [], []

    def add(self, name, material, surface, corner_uvs, displacement=None, weights=None):
        """Splits vertices where texture coordinates differ, cuts polygons into triangles."""
        p = surface.bring(self.base)
        if displacement is not None:
            p = p + displacement
        n = normals(p, surface.faces)
        w = surface.bring(self.weights) if weights is None else weights
        known, picked, uv, triangles = {}, [], [], []
        for face, coords in zip(surface.faces, corner_uvs):
            corner = []
            for v, t in zip(face, coords):
                key = (v, round(t[0], 5), round(t[1], 5))
                if key not in known:
                    known[key] = len(picked)
                    picked.append(v)
                    uv.append(t)
                corner.append(known[key])
            for k in range(1, len(corner) - 1):
                triangles.extend([corner[0], corner[k], corner[k + 1]])
        moved = {m: surface.bring(d)[picked] * DM for m, d in self.morphs.items()}
        self.parts.append({
            "name": name, "material": material, "positions": (p[picked] - self.origin) * DM, "normals": n[picked],
            "uv": np.array(uv), "weights": w[picked], "triangles": triangles, "morphs": moved,
        })
        self.names_of_parts.append(name)
        return picked

    def skin_uv(self, faces):
        coords = {tuple(f): c for f, c in zip(map(tuple, self.source.faces), self.source.corner_uvs)}
        return [[(self.source.uvs[c][0], 1 - self.source.uvs[c][1]) for c in coords[tuple(f)]] for f in faces]


class Materials:
    """Materials in the order in which they are added; what is dressed at run time is white here."""

    def __init__(self):
        self.list = []

    def __call__(self, name, image=None, roughness=0.6, colour=(1, 1, 1, 1), **more):
        """Number of a new one; `image` is the number of its picture."""
        entry = {"name": name, "pbrMetallicRoughness": {
            "baseColorFactor": list(colour), "metallicFactor": 0.0, "roughnessFactor": roughness}, **more}
        if image is not None:
            entry["pbrMetallicRoughness"]["baseColorTexture"] = {"index": image}
        self.list.append(entry)
        return len(self.list) - 1
