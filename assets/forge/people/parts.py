"""Cuts the body into parts, fuses the nappy to it, and lays garments round it. Lengths in decimetres, base shape."""
import numpy as np

from surface import Surface, ironed, normals

# Where the nappy ends: the waist, and the line of the leg openings from the crotch outwards.
WAIST_Y, WAIST_RISE = -5.12, 0.12
LEG_Y, LEG_SLOPE = -6.16, 0.80
# The body ends this far inside of the nappy: below there is nothing.
UNDER_NAPPY = 0.03
NECK_Y = -3.55


def nappy(p):
    """How far inside of the nappy a point lies; negative outside."""
    x, y, z = np.abs(p[..., 0]), p[..., 1], p[..., 2]
    waist = WAIST_Y + WAIST_RISE * np.clip(-z / 0.4, -1, 1) - y
    leg = (y - (LEG_Y + LEG_SLOPE * x)) / np.hypot(1, LEG_SLOPE)
    return np.minimum(waist, leg)


def along(p, a, b):
    """Place along a bone: 0 at `a`, 1 at `b`; mirrored, so that both sides give the same."""
    q = p * np.array([1, 1, 1.0])
    q[..., 0] = np.abs(q[..., 0])
    d = b - a
    return (q - a) @ d / (d @ d)


class Measures:
    """Joints of the left side, by which garments are cut."""

    def __init__(self, joint):
        self.shoulder, self.elbow, self.wrist = joint("upperarm_l"), joint("lowerarm_l"), joint("hand_l")
        self.hip, self.knee, self.ankle = joint("thigh_l"), joint("calf_l"), joint("foot_l")

    def covered(self, garment, p):
        """How far a point lies inside of a garment's cut; negative where it leaves the skin bare."""
        x, y = np.abs(p[..., 0]), p[..., 1]
        neck = NECK_Y + 0.10 * np.clip(x / 0.5, 0, 1) - 0.12 * np.clip(p[..., 2] / 0.3, 0, 1) - y
        # Hips are as wide as the arms begin.
        arm = ((x > 0.66) & (y > -4.9)) | (x > 1.0)
        sleeve = np.where(arm, 0.64 * (0.62 - along(p, self.shoulder, self.elbow)), 1.0)
        leg = (y - (LEG_Y - 0.16 + 0.30 * x)) / np.hypot(1, 0.30)
        wrist = np.where(x > 1.3, 0.85 * (0.88 - along(p, self.elbow, self.wrist)), 1.0)
        if garment == "bodysuit":
            return np.minimum(np.minimum(neck, sleeve), leg)
        if garment == "sleepsuit":
            return np.minimum(neck, wrist)
        if garment == "vest":
            hole = np.where(arm, 0.64 * (0.12 - along(p, self.shoulder, self.elbow)), 1.0)
            return np.minimum(np.minimum(neck, hole), y + 5.50)
        if garment == "socks":
            return self.ankle[1] + 0.26 - y
        if garment == "sack":
            return -5.45 - y
        raise SystemExit(f"no garment '{garment}'")


# Order of the bits in the name of a piece of skin that is left out under these garments.
GARMENTS = ("bodysuit", "sleepsuit", "socks", "vest", "sack")


def skin(source, base, weights, names, measures):
    """Faces of the body by the name of their part. What the nappy covers is left out for good."""
    face_zone = head_zones(source, base, weights, names)
    out = {}
    for face, group in zip(source.faces, source.face_group):
        if group != "body":
            continue
        p = base[face]
        if nappy(p).min() > UNDER_NAPPY or nappy(p).mean() > 0.10:
            continue
        name = face_zone(face)
        if name == "skin":
            bits = "".join(
                str(k) for k, g in enumerate(GARMENTS) if measures.covered(g, p).min() > (0.10 if g != "socks" else 0.06)
            )
            name = f"skin.{bits or 'bare'}"
        out.setdefault(name, []).append(face)
    return {name: Surface.of(faces) for name, faces in out.items()}


def head_zones(source, base, weights, names):
    """Tells face, the rest of the head, and skin below the neck apart."""
    of_head = weights[:, names.index("head")]
    forehead = base[:13380][base[:13380, 2] > 0.3][:, 1].max()

    def zone(face):
        centre = base[face].mean(axis=0)
        if of_head[face].mean() < 0.5:
            return "skin"
        x, y, z = abs(centre[0]), centre[1], centre[2]
        # The mask of a face: in front of the ears, from the chin to the hairline.
        front = z - 0.10 + 0.25 * (y + 2.75)
        return "skin.face" if front > 0.06 and x < 0.56 and y < min(forehead, -2.40) else "skin.head"

    return zone


def shell(surface, base, offset):
    """Displacement of every vertex along the normals of the surface in its base shape."""
    p = surface.bring(base)
    return normals(p, surface.faces) * offset(p)[:, None]


def step(t):
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def tights(source):
    faces = [f for f, g in zip(source.faces, source.face_group) if g == "helper-tights"]
    return Surface.of(faces).subdivided()


def filled(p, about):
    """Bridges the back of the hips from side to side: padding and cloth are drawn tight over it. `about` is how far a
    point lies inside of the nappy."""
    out = p.copy()
    back = (p[:, 2] < -0.02) & (about > -0.35)
    for v in np.flatnonzero(back):
        level = back & (np.abs(p[:, 1] - p[v, 1]) < 0.07)
        furthest = p[level][:, 2].min()
        share = 0.95 * step((0.50 - abs(p[v, 0])) / 0.22) * step((about[v] + 0.35) / 0.25)
        out[v, 2] += (furthest - p[v, 2]) * share
    return out


def nappy_shell(source, base, cloth):
    """Padding that thins out towards its borders, where it dips under the skin."""
    part = cloth.clipped(nappy(cloth.bring(base)))
    p = part.bring(base)
    depth = nappy(p)
    low = step((-5.55 - p[:, 1]) / 0.5)
    thick = -0.02 + 0.085 * step(depth / 0.07) + 0.075 * step(depth / 0.30) * low
    # Thinner over the hips, where the tabs are.
    thick = thick * (1 - 0.55 * step((np.abs(p[:, 0]) - 0.40) / 0.25))
    flat = filled(ironed(p, part.faces, 45, fixed=depth < 0.02), depth)
    return part, flat - p + normals(flat, part.faces) * thick[:, None]


def garment(base, cloth, measures, name, thickness):
    """A layer round the body and over the nappy, its edges turned in."""
    part = cloth.clipped(measures.covered(name, cloth.bring(base)))
    p = part.bring(base)
    low = step((-5.55 - p[:, 1]) / 0.5)
    over = 0.095 * step((nappy(p) + 0.22) / 0.30) + 0.085 * step((nappy(p) + 0.05) / 0.30) * low
    flat = ironed(p, part.faces, 14, fixed=measures.covered(name, p) < 0.02)
    flat = filled(flat, nappy(p))
    edge = step(measures.covered(name, p) / 0.05)
    return part, flat - p + normals(flat, part.faces) * ((thickness + over) * (0.35 + 0.65 * edge))[:, None]


def cap(source, base, weights, names, inside, thickness, steps, smooth=False):
    """A layer over the crown of the head, where `inside` is positive."""
    of_head = weights[:, names.index("head")]
    faces = [
        f for f, g in zip(source.faces, source.face_group)
        if g == "body" and of_head[f].min() > 0.6 and inside(base[f]).max() > -0.15
    ]
    part = Surface.of(faces)
    part = part.subdivided() if smooth else part
    part = part.clipped(inside(part.bring(base)))
    p = part.bring(base)
    depth = inside(p)
    flat = ironed(p, part.faces, steps, fixed=depth < 0.01)
    out = normals(p, part.faces)
    # Ironing may fill hollows, never dig into the head.
    filled = np.maximum(((flat - p) * out).sum(axis=1), 0)
    return part, out * (filled + thickness * (0.35 + 0.65 * step(depth / 0.10)))[:, None]


def beanie(p):
    """Inside of a knitted hat: above the brows in front, above the ears, down the back."""
    return p[..., 1] - 0.33 * p[..., 2] + 2.73 - 0.0 * p[..., 0]


def hairline(p):
    """Inside of the hair."""
    x, y, z = np.abs(p[..., 0]), p[..., 1], p[..., 2]
    return y - 0.62 * z + 2.735 - 0.05 * np.cos(9 * x)


def sack_skirt(source, base):
    """The lower half of a sleep sack: the skirt of the source, closed at its end."""
    faces = [f for f, g in zip(source.faces, source.face_group) if g == "helper-skirt"]
    return Surface.of(faces).subdivided()
