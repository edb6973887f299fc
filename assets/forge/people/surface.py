"""Surfaces whose vertices are mixtures of the source's vertices, and what can be done to them."""
import numpy as np


class Surface:
    """Polygons over vertices that are linear mixtures: `mix @ values` brings positions, morph targets and weights of
    the source alike to this surface. `mix` is kept as triplets (row, column, weight)."""

    def __init__(self, faces, rows, columns, weights, count):
        self.faces = faces
        self.rows, self.columns, self.weights, self.count = rows, columns, weights, count

    @classmethod
    def of(cls, faces):
        """The polygons as they are in the source."""
        used = sorted({v for f in faces for v in f})
        index = {v: i for i, v in enumerate(used)}
        n = len(used)
        return cls([[index[v] for v in f] for f in faces], np.arange(n), np.array(used), np.ones(n), n)

    def bring(self, values):
        """Values of the source's vertices, mixed to this surface's."""
        out = np.zeros((self.count,) + values.shape[1:])
        np.add.at(out, self.rows, self.weights[:, None] * values[self.columns])
        return out

    def then(self, faces, rows, columns, weights, count):
        """Another mixture on top of this one."""
        order = np.argsort(self.rows, kind="stable")
        start = np.searchsorted(self.rows[order], np.arange(self.count + 1))
        r, c, w = [], [], []
        for row, column, weight in zip(rows, columns, weights):
            span = order[start[column]:start[column + 1]]
            r.extend([row] * len(span))
            c.extend(self.columns[span])
            w.extend(weight * self.weights[span])
        return Surface(faces, np.array(r), np.array(c), np.array(w), count)

    def subdivided(self):
        """One step of Catmull and Clark (1978), borders kept as curves of their own."""
        edge_faces, edges_at, faces_at = {}, [[] for _ in range(self.count)], [[] for _ in range(self.count)]
        for i, face in enumerate(self.faces):
            for a, b in zip(face, face[1:] + face[:1]):
                edge_faces.setdefault((min(a, b), max(a, b)), []).append(i)
                faces_at[a].append(i)
        number = {edge: self.count + n for n, edge in enumerate(sorted(edge_faces))}
        first_face = self.count + len(number)
        for edge in number:
            for v in edge:
                edges_at[v].append(edge)
        rows, columns, weights = [], [], []

        def add(row, vertices, weight):
            rows.extend([row] * len(vertices))
            columns.extend(vertices)
            weights.extend([weight] * len(vertices))

        for v in range(self.count):
            border = [e for e in edges_at[v] if len(edge_faces[e]) == 1]
            n = len(edges_at[v])
            if border:
                add(v, [v], 0.5)
                for edge in border:
                    add(v, list(edge), 0.25 / len(border))
            else:
                add(v, [v], (n - 2) / n)
                for edge in edges_at[v]:
                    add(v, [u for u in edge if u != v], 1 / n**2)
                for i in faces_at[v]:
                    add(v, self.faces[i], 1 / n**2 / len(self.faces[i]))
        for edge, row in number.items():
            touching = edge_faces[edge]
            if len(touching) == 2:
                add(row, list(edge), 0.25)
                for i in touching:
                    add(row, self.faces[i], 0.25 / len(self.faces[i]))
            else:
                add(row, list(edge), 0.5)
        quads = []
        for i, face in enumerate(self.faces):
            add(first_face + i, face, 1 / len(face))
            for k, v in enumerate(face):
                after, before = face[(k + 1) % len(face)], face[k - 1]
                quads.append([
                    v, number[(min(v, after), max(v, after))], first_face + i, number[(min(v, before), max(v, before))]
                ])
        return self.then(quads, rows, columns, weights, first_face + len(self.faces))

    def clipped(self, inside):
        """What lies where `inside` (one value a vertex) is positive; the border follows its zero exactly."""
        rows = list(range(self.count))
        columns, weights = list(rows), [1.0] * self.count
        known, faces, count = {}, [], self.count
        for face in self.faces:
            polygon = []
            for a, b in zip(face, face[1:] + face[:1]):
                if inside[a] > 0:
                    polygon.append(a)
                if (inside[a] > 0) != (inside[b] > 0):
                    edge = (min(a, b), max(a, b))
                    if edge not in known:
                        t = inside[edge[0]] / (inside[edge[0]] - inside[edge[1]])
                        rows.extend([count, count])
                        columns.extend(edge)
                        weights.extend([1 - t, t])
                        known[edge] = count
                        count += 1
                    polygon.append(known[edge])
            polygon = [v for k, v in enumerate(polygon) if v != polygon[k - 1]]
            if len(polygon) >= 3:
                faces.append(polygon)
        used = sorted({v for f in faces for v in f})
        index = {v: i for i, v in enumerate(used)}
        kept = [(index[r], c, w) for r, c, w in zip(rows, columns, weights) if r in index]
        r, c, w = zip(*kept)
        return self.then([[index[v] for v in f] for f in faces], r, c, w, len(used))

    def borders(self):
        """Directed edges with a face on one side only."""
        edges = {(a, b) for f in self.faces for a, b in zip(f, f[1:] + f[:1])}
        return sorted(e for e in edges if (e[1], e[0]) not in edges)


def normals(p, faces):
    """Area-weighted vertex normals."""
    out = np.zeros_like(p)
    for face in faces:
        for k in range(1, len(face) - 1):
            n = np.cross(p[face[k]] - p[face[0]], p[face[k + 1]] - p[face[0]])
            out[face] += n
    length = np.linalg.norm(out, axis=1)
    return out / np.where(length > 1e-12, length, 1)[:, None]


def ironed(p, faces, steps, fixed=None):
    """Every vertex drawn towards the mean of its neighbours."""
    near = [set() for _ in p]
    for face in faces:
        for a, b in zip(face, face[1:] + face[:1]):
            near[a].add(b)
            near[b].add(a)
    near = [sorted(s) for s in near]
    out = p.copy()
    for _ in range(steps):
        now = out.copy()
        for v, around in enumerate(near):
            if around and (fixed is None or not fixed[v]):
                out[v] = 0.5 * now[v] + 0.5 * now[around].mean(axis=0)
    return out
