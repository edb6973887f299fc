"""What a face has besides skin."""
import numpy as np

from surface import Surface


def eyes(b, material):
    """Both balls, left before right: the surface of each, and which of its vertices each vertex of the part is."""
    for side in ("l", "r"):
        faces = [f for f, g in zip(b.source.faces, b.source.face_group) if g == f"helper-{side}-eye"]
        surface = Surface.of(faces)
        p = surface.bring(b.base)
        centre, radius = p.mean(axis=0), np.ptp(p[:, 0]) / 2
        uv = []
        for face in surface.faces:
            q = (p[face] - centre) / radius
            # By the angle from the axis of sight, so that the back of the ball is white.
            angle = np.arctan2(np.hypot(q[:, 0], q[:, 1]), q[:, 2])
            flat = np.hypot(q[:, 0], q[:, 1]) + 1e-9
            reach = np.clip(angle / np.pi * 0.9, 0, 0.49)
            uv.append([(0.5 + x / f * r, 0.5 - y / f * r) for (x, y, _), f, r in zip(q, flat, reach)])
        yield surface, b.add(f"eye_{side}", material, surface, uv)


def lashes(b, material):
    names = [f"helper-{s}-eyelashes-{k}" for s in "lr" for k in (1, 2)]
    faces = [f for f, g in zip(b.source.faces, b.source.face_group) if g in names]
    surface = Surface.of(faces)
    b.add("lashes", material, surface, [[(0.0, 0.0)] * len(f) for f in surface.faces])
