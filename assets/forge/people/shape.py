"""The body as it is built: base shape, morph targets, and what is taken off it.

Everything here is linear in the vertex positions, so that a base shape and its morph targets pass through alike.
"""
import numpy as np

SEXES = ("female", "male")
ANCESTRIES = ("african", "asian", "caucasian")
MACRO = "macrodetails/"

# Facial action units and details of a face, by the name of the morph target: parts and their weights.
FACE = {
    "blink": {"@eyeBlinkLeft": 1, "@eyeBlinkRight": 1},
    "squint": {"@eyeSquintLeft": 1, "@eyeSquintRight": 1, "@cheekSquintLeft": 1, "@cheekSquintRight": 1},
    "wide": {"@eyeWideLeft": 1, "@eyeWideRight": 1},
    "brow_down": {"@browDownLeft": 1, "@browDownRight": 1},
    "brow_up": {"@browInnerUp": 1},
    "jaw_open": {"@jawOpen": 1},
    "smile": {"@mouthSmileLeft": 1, "@mouthSmileRight": 1},
    "frown": {"@mouthFrownLeft": 1, "@mouthFrownRight": 1},
    "pucker": {"@mouthPucker": 1},
    "stretch": {"@mouthStretchLeft": 1, "@mouthStretchRight": 1},
    "sneer": {"@noseSneerLeft": 1, "@noseSneerRight": 1},
    "cheeks_full": {"cheek/l-cheek-volume-incr": 1, "cheek/r-cheek-volume-incr": 1},
    "head_round": {"head/head-round": 1},
    "head_long": {"head/head-back-scale-depth-incr": 1},
    "nose_small": {"nose/nose-scale-vert-decr": 1, "nose/nose-scale-depth-decr": 1},
    "nose_wide": {"nose/nose-width2-incr": 1},
    "mouth_wide": {"mouth/mouth-scale-horiz-incr": 1},
    "chin_small": {"chin/chin-height-decr": 1},
    "ears_out": {"ears/l-ear-wing-incr": 1, "ears/r-ear-wing-incr": 1},
    "forehead_high": {"forehead/forehead-scale-vert-incr": 1},
}
# Never read: what would give the body what it must not have.
FORBIDDEN = ("genitals", "breast")


def macro(source, sex, age="baby", weight="averageweight"):
    moved = source.target(f"{MACRO}universal-{sex}-{age}-averagemuscle-{weight}")
    return moved + sum(source.target(f"{MACRO}{a}-{sex}-{age}") for a in ANCESTRIES) / len(ANCESTRIES)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def neighbours(source, vertices):
    """For each vertex of the body the vertices along its edges."""
    around = [set() for _ in range(len(source.positions))]
    for face, group in zip(source.faces, source.face_group):
        if group == "body":
            for a, b in zip(face, face[1:] + face[:1]):
                around[a].add(b)
                around[b].add(a)
    return {v: sorted(around[v]) for v in vertices}


def smoothing(source, base):
    """A linear operator that irons the chest: the body is featureless there (and has nothing below the waist, which
    is the nappy's)."""
    moved = np.linalg.norm(source.target("breast/nipple-size-incr"), axis=1)
    centre = [v for v in np.flatnonzero(moved > 1e-4) if v < 13380]
    points = base[centre]
    body = source.vertices("body")
    distance = np.linalg.norm(base[body][:, None, :] - points[None], axis=2).min(axis=1)
    chest = body[distance < 0.22]
    around = neighbours(source, chest)

    def apply(values):
        out = values.copy()
        for _ in range(250):
            now = out.copy()
            for v, near in around.items():
                out[v] = 0.4 * now[v] + 0.6 * now[near].mean(axis=0)
        return out

    return apply


def shape(source, weights, names):
    """Base positions and the morph targets, in order of name: what every infant is blended from."""
    by_sex = {sex: macro(source, sex) for sex in SEXES}
    base = source.positions + mean(by_sex.values())
    morphs = {"male": 0.5 * (by_sex["male"] - by_sex["female"])}
    for ancestry in ANCESTRIES:
        own = mean(source.target(f"{MACRO}{ancestry}-{sex}-baby") for sex in SEXES)
        everyone = mean(source.target(f"{MACRO}{a}-{sex}-baby") for a in ANCESTRIES for sex in SEXES)
        morphs[ancestry] = own - everyone
    for name, weight in (("thin", "minweight"), ("heavy", "maxweight")):
        morphs[name] = mean(macro(source, sex, weight=weight) for sex in SEXES) - mean(by_sex.values())
    morphs["older"] = mean(macro(source, sex, "child") for sex in SEXES) - mean(by_sex.values())
    for name, parts in FACE.items():
        if any(word in part for word in FORBIDDEN for part in parts):
            raise SystemExit(f"{name}: not on this body")
        morphs[name] = sum(source.target(part) * weight for part, weight in parts.items())
    # The whole head about the top of the neck; weight 1 doubles it.
    bones = {name: bone for name, _, bone in source.rig()}
    pivot = source.joint(bones["head"]["head"], base)
    of_head = weights[:, names.index("head")][:, None]
    morphs["head_size"] = (base - pivot) * of_head
    iron = smoothing(source, base)
    return iron(base), {name: iron(moved) for name, moved in morphs.items()}
