"""Pictures: the skin's variation (relative to its tone, so that one picture serves every tone), eyes, hair."""
import io

import numpy as np
from PIL import Image, ImageFilter

SIZE = 1024


def png(picture):
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


def smaller(data, by):
    """A picture's bytes, so many times smaller a side."""
    picture = Image.open(io.BytesIO(data))
    return png(picture.resize((picture.width // by, picture.height // by), Image.LANCZOS))


def noise(size, cells, key):
    """Smooth noise about 0, -1 to 1, repeating."""
    small = np.random.default_rng(key).uniform(-1, 1, (cells, cells))
    tiled = np.tile(small, (3, 3)).astype(np.float32)
    big = Image.fromarray(tiled).resize((3 * size, 3 * size), Image.BICUBIC)
    return np.asarray(big)[size:2 * size, size:2 * size]


def resized(mask):
    return np.asarray(Image.fromarray((mask * 255).astype(np.uint8)).resize((SIZE, SIZE), Image.LANCZOS)) / 255.0


def spot(uv, centre, radius):
    """A soft spot about a place in texture space."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    d = np.hypot((x + 0.5) / SIZE - centre[0], (y + 0.5) / SIZE - centre[1]) / radius
    return np.exp(-d * d)


def skin(source, places):
    """sRGB factors, 1 is 235 of 255: blood nearer to the surface at cheeks, nose, ears, hands, knees and lips."""
    relative = np.ones((SIZE, SIZE, 3))

    def tint(mask, colour, strength):
        nonlocal relative
        relative = relative * (1 + (np.array(colour) - 1)[None, None] * (mask * strength)[..., None])

    mottle = 0.6 * noise(SIZE, 24, 1) + 0.4 * noise(SIZE, 90, 2)
    tint(np.clip(mottle, 0, 1), (1.0, 0.93, 0.92), 0.8)
    tint(np.clip(-mottle, 0, 1), (0.97, 0.985, 1.0), 0.6)
    for name, colour, strength, blur in (
        ("lips", (0.92, 0.68, 0.68), 1.0, 3), ("eyelids", (0.95, 0.86, 0.87), 0.7, 5), ("ears", (1.0, 0.86, 0.84), 0.6, 4),
        ("fingernails", (1.0, 0.88, 0.88), 0.6, 1), ("toenails", (1.0, 0.88, 0.88), 0.6, 1),
        ("inside-mouth", (0.62, 0.33, 0.34), 1.0, 3),
    ):
        mask = Image.fromarray((resized(source.mask(name)) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
        tint(np.asarray(mask) / 255.0, colour, strength)
    for centre, radius, colour, strength in places:
        tint(spot(None, centre, radius), colour, strength)
    return png(Image.fromarray(np.clip(relative * 235, 0, 255).round().astype(np.uint8)))


def eye():
    """White, iris and pupil about the middle of the unit square; the iris is grey, to be tinted."""
    size = 256
    y, x = np.mgrid[0:size, 0:size]
    u, v = (x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5
    r, a = np.hypot(u, v), np.arctan2(v, u)
    edge = lambda at, width: np.clip((at - r) / width + 0.5, 0, 1)
    white = np.stack([235 - 40 * r, 228 - 60 * r, 226 - 62 * r], axis=-1)
    rays = 0.75 + 0.25 * np.sin(37 * a + 5 * np.sin(9 * a)) * np.clip(r / 0.2, 0, 1)
    iris = np.stack([80 * rays, 62 * rays, 50 * rays], axis=-1) * (0.6 + 1.4 * np.clip(0.22 - r, 0, 1))[..., None] * 1.3
    pupil = np.full((size, size, 3), 8.0)
    out = white
    for colour, radius, width in ((iris, 0.215, 0.02), (pupil, 0.085, 0.012)):
        share = edge(radius, width)[..., None]
        out = out * (1 - share) + colour * share
    return png(Image.fromarray(np.clip(out, 0, 255).round().astype(np.uint8)))


def hair(key, density, closed=False):
    """Strands across a square that repeats in u; alpha falls off towards v = 0, the hairline."""
    size = 512
    generator = np.random.default_rng(key)
    alpha = np.zeros((size, size))
    count = int(5200 * density)
    for _ in range(count):
        u, v, length = generator.uniform(0, size), generator.uniform(0, size), generator.uniform(20, 60)
        lean, bend, dark = generator.normal(0, 0.35), generator.normal(0, 0.004), generator.uniform(0.5, 1)
        for t in np.arange(0, length, 0.7):
            x, y = int(u + lean * t + bend * t * t) % size, int(v + t)
            if y < size:
                alpha[y, x] = max(alpha[y, x], dark)
    v = (np.arange(size) + 0.5) / size
    alpha *= np.clip(v / 0.25, 0, 1)[:, None] ** 0.8
    if closed:
        # Fuzz is a shade over the scalp; only its edge is ragged.
        alpha = np.maximum(alpha, np.clip((v - 0.10 + 0.05 * noise(size, 32, key + 1)[0]) / 0.12, 0, 1)[:, None])
    shade = 205 + 50 * noise(size, 64, key)
    rgb = np.clip(np.stack([shade] * 3, axis=-1), 0, 255)
    return png(Image.fromarray(np.concatenate([rgb, 255 * alpha[..., None]], axis=-1).round().astype(np.uint8), "RGBA"))


def adult_skin(source, base, eye_at, sex):
    """As `skin`, for a grown head: brows, and on a man's jaw a shadow. `eye_at` is the middle of the left eye, dm."""
    relative = np.ones((SIZE, SIZE, 3))

    def tint(mask, colour, strength):
        nonlocal relative
        relative = relative * (1 + (np.array(colour) - 1)[None, None] * (mask * strength)[..., None])

    mottle = 0.6 * noise(SIZE, 40, 3) + 0.4 * noise(SIZE, 128, 4)
    tint(np.clip(mottle, 0, 1), (1.0, 0.95, 0.94), 0.7)
    tint(np.clip(-mottle, 0, 1), (0.975, 0.985, 1.0), 0.6)
    for name, colour, strength, blur in (
        ("lips", (0.86, 0.58, 0.58) if sex == "female" else (0.90, 0.68, 0.66), 1.0, 3),
        ("eyelids", (0.92, 0.84, 0.84), 0.7, 5), ("ears", (1.0, 0.90, 0.88), 0.6, 4),
        ("inside-mouth", (0.62, 0.33, 0.34), 1.0, 3),
    ):
        mask = Image.fromarray((resized(source.mask(name)) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
        tint(np.asarray(mask) / 255.0, colour, strength)
    at = {}
    for face, corners, group in zip(source.faces, source.corner_uvs, source.face_group):
        if group == "body":
            for v, c in zip(face, corners):
                at.setdefault(v, (source.uvs[c][0], 1 - source.uvs[c][1]))
    face = np.array([v for v in sorted(at) if base[v, 2] > eye_at[2] - 0.6 and abs(base[v, 1] - eye_at[1]) < 1.6])
    uv = np.array([at[v] for v in face])

    def where(p):
        """Texture coordinates of the skin in front of a place (x, y)."""
        d = np.hypot(*(base[face][:, :2] - p).T) + 10 * (base[face][:, 2] < eye_at[2] - 0.35)
        near = np.argsort(d)[:4]
        # Not what lies behind a seam, or on the inner side of a lid.
        near = near[np.linalg.norm(uv[near] - uv[near[0]], axis=1) < 0.03]
        w = 1 / (d[near] + 1e-3) ** 2
        return (uv[near] * w[:, None]).sum(axis=0) / w.sum()

    y, x = np.mgrid[0:SIZE, 0:SIZE]
    generator = np.random.default_rng(5)
    brow = np.zeros((SIZE, SIZE))
    for side in (1, -1):
        for k in range(260):
            t = generator.uniform(0, 1)
            arch = 0.16 + 0.10 * np.sin(np.pi * 0.5 * min(1.0, t * 1.5)) - 0.10 * max(0.0, t - 0.67) / 0.33
            wide = (0.045 if sex == "male" else 0.028) * (1 - 0.75 * t ** 2)
            root = np.array([eye_at[0] - 0.20 + 0.47 * t, eye_at[1] + arch + generator.uniform(-wide, wide)])
            tip = root + np.array([0.05 + 0.03 * t, 0.035 * (1 - 2.2 * t)])
            a, b = (np.array(where(q * np.array([side, 1]))) * SIZE for q in (root, tip))
            for s in np.linspace(0, 1, 14):
                i, j = (a + (b - a) * s).astype(int)
                brow[j % SIZE, i % SIZE] = 1.0
    soft = Image.fromarray((brow * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.6))
    tint(np.clip(np.asarray(soft) / 255.0 * 2.2, 0, 1), (0.30, 0.24, 0.21), 0.9)
    if sex == "male":
        jaw = np.zeros((SIZE, SIZE))
        for p in np.mgrid[-0.75:0.76:0.05, -1.45:-0.55:0.05].reshape(2, -1).T:
            # Cheeks stay free above a line from the ear to the mouth.
            if p[1] < -0.80 + 0.35 * abs(p[0]) or abs(p[0]) < 0.25 and p[1] < -0.72:
                i, j = (where(eye_at[:2] * np.array([0, 1]) + p) * SIZE).astype(int)
                jaw[j % SIZE, i % SIZE] = 1.0
        soft = Image.fromarray((jaw * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(14))
        mask = np.asarray(soft) / 255.0
        tint(np.clip(mask / max(mask.max(), 1e-3) * 1.6, 0, 1), (0.80, 0.80, 0.82), 0.7)
    return png(Image.fromarray(np.clip(relative * 235, 0, 255).round().astype(np.uint8)))
