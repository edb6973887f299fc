"""Writes a skinned, morphing mesh as .glb: quantised (KHR_mesh_quantization), morph targets sparse."""
import json
import struct

import numpy as np

BYTE, UNSIGNED_BYTE, SHORT, UNSIGNED_SHORT, UNSIGNED_INT, FLOAT = 5120, 5121, 5122, 5123, 5125, 5126
# A displacement below this is none, metres.
LEAST_M = 4e-5


class Binary:
    def __init__(self):
        self.bytes, self.views, self.accessors = bytearray(), [], []

    def view(self, data, target=None, stride=None):
        self.bytes += b"\0" * (-len(self.bytes) % 4)
        view = {"buffer": 0, "byteOffset": len(self.bytes), "byteLength": len(data)}
        if target:
            view["target"] = target
        if stride:
            view["byteStride"] = stride
        self.bytes += data
        self.views.append(view)
        return len(self.views) - 1

    def accessor(self, **fields):
        self.accessors.append(fields)
        return len(self.accessors) - 1

    def vectors(self, values, kind, component, normalized, bounds=False):
        """One row an entry, padded to four bytes."""
        width = values.shape[1]
        size = {BYTE: 1, UNSIGNED_BYTE: 1, SHORT: 2, UNSIGNED_SHORT: 2, FLOAT: 4}[component]
        pad = -width * size % 4 // size
        padded = np.pad(values, ((0, 0), (0, pad)))
        code = {BYTE: "i1", UNSIGNED_BYTE: "u1", SHORT: "<i2", UNSIGNED_SHORT: "<u2", FLOAT: "<f4"}[component]
        view = self.view(padded.astype(code).tobytes(), 34962, (width + pad) * size)
        fields = {"bufferView": view, "componentType": component, "count": len(values), "type": kind}
        if normalized:
            fields["normalized"] = True
        if bounds:
            fields["min"], fields["max"] = values.min(0).tolist(), values.max(0).tolist()
        return self.accessor(**fields)

    def indices(self, values):
        component, code = (UNSIGNED_SHORT, "<u2") if max(values) < 65535 else (UNSIGNED_INT, "<u4")
        view = self.view(np.array(values).astype(code).tobytes(), 34963)
        return self.accessor(bufferView=view, componentType=component, count=len(values), type="SCALAR")

    def sparse(self, moved):
        """Displacements, metres, of which only those above `LEAST_M` are stored."""
        kept = np.flatnonzero(np.linalg.norm(moved, axis=1) > LEAST_M)
        fields = {"componentType": SHORT, "normalized": True, "count": len(moved), "type": "VEC3"}
        values = shorts(moved[kept])
        zero = np.zeros((1, 3), dtype=int)
        every = np.concatenate([values, zero]) if len(kept) < len(moved) else values
        fields["min"], fields["max"] = every.min(0).tolist(), every.max(0).tolist()
        if len(kept):
            fields["sparse"] = {
                "count": len(kept),
                "indices": {"bufferView": self.view(kept.astype("<u2").tobytes()), "componentType": UNSIGNED_SHORT},
                "values": {"bufferView": self.view(values.astype("<i2").tobytes())},
            }
        return self.accessor(**fields)


def shorts(metres):
    return np.round(np.clip(metres, -1, 1) * 32767).astype(int)


def top_weights(weights):
    """The four heaviest joints of each row, as bytes that sum to 255."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    picked = np.take_along_axis(weights, order, axis=1)
    picked /= picked.sum(axis=1, keepdims=True)
    values = np.floor(picked * 255).astype(int)
    rest = 255 - values.sum(axis=1)
    values[:, 0] += rest
    order[values == 0] = 0
    return order, values


def write(path, kind, parts, morph_names, joints, materials, images, extras, copyright_line):
    """`kind`: name of the mesh. `parts`: name, material, positions (m), normals, uv, weights, triangles, {morph: displacements (m)}.
    `joints`: name, parent, place (m)."""
    out = Binary()
    primitives = []
    for part in parts:
        p = shorts(part["positions"])
        order, weights = top_weights(part["weights"])
        attributes = {
            "POSITION": out.vectors(p, "VEC3", SHORT, True, bounds=True),
            "NORMAL": out.vectors(np.round(part["normals"] * 127).astype(int), "VEC3", BYTE, True),
            "TEXCOORD_0": out.vectors(part["uv"], "VEC2", FLOAT, False),
            "JOINTS_0": out.vectors(order, "VEC4", UNSIGNED_BYTE, False),
            "WEIGHTS_0": out.vectors(weights, "VEC4", UNSIGNED_BYTE, True),
        }
        primitives.append({
            "attributes": attributes,
            "indices": out.indices(part["triangles"]),
            "material": part["material"],
        })
        if morph_names:
            primitives[-1]["targets"] = [{"POSITION": out.sparse(part["morphs"][m])} for m in morph_names]
    inverse = np.tile(np.eye(4), (len(joints), 1, 1))
    nodes = [{"mesh": 0, "skin": 0, "name": kind}]
    for i, (name, parent, place) in enumerate(joints):
        inverse[i, :3, 3] = -place
        local = place - joints[parent][2] if parent >= 0 else place
        node = {"name": name, "translation": [round(float(v), 6) for v in local]}
        children = [k + 1 for k, joint in enumerate(joints) if joint[1] == i]
        if children:
            node["children"] = children
        nodes.append(node)
    flat = inverse.transpose(0, 2, 1).reshape(len(joints), 16)
    view = out.view(flat.astype("<f4").tobytes())
    bind = out.accessor(bufferView=view, componentType=FLOAT, count=len(joints), type="MAT4")
    picture_views = [out.view(data) for _, data in images]
    root = {
        "asset": {"version": "2.0", "generator": "diorama forge", "copyright": copyright_line},
        "extensionsUsed": ["KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
        "scene": 0,
        "scenes": [{"name": kind, "nodes": [0, 1], "extras": {"diorama": extras}}],
        "nodes": nodes,
        "meshes": [{"name": kind, "primitives": primitives, **({
            "weights": [0.0] * len(morph_names),
            "extras": {"targetNames": morph_names},
        } if morph_names else {})}],
        "skins": [{"joints": list(range(1, len(joints) + 1)), "inverseBindMatrices": bind}],
        "materials": materials,
        "images": [{"name": n, "bufferView": v, "mimeType": "image/png"} for (n, _), v in zip(images, picture_views)],
        "samplers": [{"wrapS": 10497, "wrapT": 10497}],
        "textures": [{"source": i, "sampler": 0} for i in range(len(images))],
        "accessors": out.accessors,
        "bufferViews": out.views,
        "buffers": [{"byteLength": len(out.bytes)}],
    }
    text = json.dumps(root, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 4)
    data = bytes(out.bytes) + b"\0" * (-len(out.bytes) % 4)
    root["buffers"][0]["byteLength"] = len(data)
    with open(path, "wb") as file:
        file.write(struct.pack("<III", 0x46546C67, 2, 12 + 8 + len(text) + 8 + len(data)))
        file.write(struct.pack("<II", len(text), 0x4E4F534A) + text)
        file.write(struct.pack("<II", len(data), 0x004E4942) + data)
