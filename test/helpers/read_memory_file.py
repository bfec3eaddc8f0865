"""Reads a file of the package as a stranger would: the container's page, struct and json. Prints what it found as JSON."""

import hashlib
import json
import struct
import sys

FORMATS = {"U8": "B", "I32": "i", "U32": "I", "F32": "f", "F64": "d"}


def canonical(value):
    """As docs/persistence.md defines it, for the strings and lists of whole numbers that a digest takes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(path):
    with open(path, "rb") as file:
        raw = file.read()
    (length,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + length])
    data = raw[8 + length :]
    metadata = header.pop("__metadata__")
    end = 0
    for field in sorted(header.values(), key=lambda field: field["data_offsets"]):
        assert field["data_offsets"][0] == end, "arrays follow each other"
        end = field["data_offsets"][1]
    assert end == len(data), "and fill the file"
    return metadata, header, data, (8 + length) % 64


def digest(metadata, arrays, data):
    said = {name: text for name, text in metadata.items() if name != "sha256"}
    shapes = {name: {"dtype": field["dtype"], "shape": field["shape"]} for name, field in arrays.items()}
    hashed = hashlib.sha256(canonical({"metadata": said, "arrays": shapes}).encode())
    for name in sorted(arrays):
        begin, end = arrays[name]["data_offsets"]
        hashed.update(data[begin:end])
    return hashed.hexdigest()


def numbers(field, data):
    begin, end = field["data_offsets"]
    code = FORMATS[field["dtype"]]
    return list(struct.unpack(f"<{(end - begin) // struct.calcsize(code)}{code}", data[begin:end]))


def rewrite(path, metadata, arrays, data):
    """As another program might have written it: wide types first, no padding, spaces in the header."""
    width = lambda name: struct.calcsize(FORMATS[arrays[name]["dtype"]])
    header, parts, at = {}, [], 0
    for name in sorted(arrays, key=lambda name: (-width(name), name)):
        begin, end = arrays[name]["data_offsets"]
        header[name] = {**arrays[name], "data_offsets": [at, at + end - begin]}
        parts.append(data[begin:end])
        at += end - begin
    text = json.dumps({"__metadata__": metadata, **header}, indent=1).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def with_numpy(arrays, data):
    """Whether NumPy sees the same numbers; None where there is no NumPy."""
    try:
        import numpy
    except ImportError:
        return None
    kinds = {"U8": "<u1", "I32": "<i4", "U32": "<u4", "F32": "<f4", "F64": "<f8"}
    for field in arrays.values():
        expected = numbers(field, data)
        if numpy.frombuffer(data, kinds[field["dtype"]], len(expected), field["data_offsets"][0]).tolist() != expected:
            return False
    return True


def with_safetensors(path, metadata, arrays, data):
    """Whether the format's own package reads the same; None where it is not installed."""
    try:
        from safetensors import safe_open
    except ImportError:
        return None
    with safe_open(path, "numpy") as file:
        same = [file.get_tensor(name).ravel().tolist() == numbers(field, data) for name, field in arrays.items()]
        return all(same) and file.metadata() == metadata


def look(path):
    metadata, header, data, odd = read(path)
    arrays = {name: field for name, field in header.items() if not name.startswith("padding.")}
    rewrite(path + ".rewritten", metadata, arrays, data)
    return {
        "class": metadata["class"],
        "options": json.loads(metadata["options"]),
        "digest": digest(metadata, arrays, data) == metadata["sha256"],
        "aligned": odd == 0 and all(field["data_offsets"][0] % 64 == 0 for field in arrays.values()),
        "arrays": {name: {"shape": field["shape"], "numbers": numbers(field, data)} for name, field in arrays.items()},
        "numpy": with_numpy(arrays, data),
        "safetensors": with_safetensors(path, metadata, arrays, data),
    }


print(json.dumps([look(path) for path in sys.argv[1:]]))
