"""Pictures: the skin's variation (relative to its tone, so that one picture serves every tone), eyes, hair."""
import io

import numpy as np
from PIL import Image, ImageFilter

SIZE = 1024


def png(picture):
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


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
