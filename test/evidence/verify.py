"""A second verifier of evidence bundles, from docs/en/evidence-format.md alone; nothing but Python's standard library.

usage: verify.py [--key HEX] [--heads FILE] FILE.zip...
One line of JSON for each: {"file": ..., "verdict": "PASS", "WHOLE, KEY NOT COMPARED" or "FAIL", "faults": [[what, file, seq], ...]}. Exit code 1: one fails.
"""
import argparse
import hashlib
import json
import re
import struct
import sys
import zlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or y >= P or (x == 0 and sign):
        return None
    return P - x if (x & 1) != sign else x


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p = add(p, p)
        n >>= 1
    return q


def point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(text, key, signature):
    """Ed25519, RFC 8032."""
    if not re.fullmatch("[0-9a-f]{64}", str(key)) or not re.fullmatch("[0-9a-f]{128}", str(signature)):
        return False
    key, signature = bytes.fromhex(key), bytes.fromhex(signature)
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


class Hidden(Exception):
    """What one program unpacks of the zip another does not."""


def files_of(path):
    """The files by name, and the names that are there twice. Every byte of the zip has to belong to an entry that its directory names."""
    with open(path, "rb") as file:
        raw = file.read()
    end = raw.rindex(b"PK\5\6")
    directory, files, twice = struct.unpack_from("<I", raw, end + 16)[0], {}, []
    at, start, left, count = directory, 0, 200_000_000, 0
    while at < end:
        name, data, at, start = entry_at(raw, at, start, left)
        left -= len(data)
        count += 1
        # Programs that pack it again add entries of folders.
        if data or not re.fullmatch(r"[a-z0-9-]+/", name):
            if name in files:
                twice.append(name)
            files[name] = data
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, (end - directory) & 0xFFFFFFFF, directory, 0)
    if at != end or start != directory or raw[end:] != last:
        raise Hidden(None)
    return files, twice


def entry_at(raw, at, start, left):
    """Named in the directory at `at`, itself at `start`. Returns name, contents, and where the next ones begin."""
    flags, method, _, crc, packed, whole, length, more, note, disk, _, _, place = struct.unpack_from("<HHIIIIHHHHHII", raw, at + 8)
    own = struct.unpack_from("<HHIIIIHH", raw, start + 6)
    name = raw[at + 46 : at + 46 + length]
    called = name.decode("utf-8", "replace")
    begin = start + 30 + own[6] + own[7]
    behind = bool(flags & 8)
    size = 0 if not behind else 16 if raw[begin + packed : begin + packed + 4] == b"PK\7\x08" else 12
    after = begin + packed + size
    if not (
        raw[at : at + 4] == b"PK\1\2"
        and raw[start : start + 4] == b"PK\3\4"
        and (note, disk, place) == (0, 0, start)
        and own[:2] == (flags, method)
        and own[3:6] == ((0, 0, 0) if behind else (crc, packed, whole))
        and raw[start + 30 : start + 30 + own[6]] == name
        and (not behind or raw[after - 12 : after] == raw[at + 16 : at + 28])
        and not flags & ~0x080E
        and (method == 8 or (method == 0 and packed == whole and not behind))
        and is_plain(raw[begin - own[7] : begin])
        and is_plain(raw[at + 46 + length : at + 46 + length + more])
    ):
        raise Hidden(called)
    if whole > left:
        raise ValueError("too large")
    data = raw[begin : begin + packed]
    if method == 8:
        unpacking = zlib.decompressobj(-15)
        data = unpacking.decompress(data, whole + 1)
        if not unpacking.eof or unpacking.unused_data:
            raise Hidden(called)
    if len(data) != whole:
        raise Hidden(called)
    return called, data, at + 46 + length + more, after


def is_plain(extra):
    """Times and owners; other extra fields give an entry another name or size."""
    while extra:
        kind, size = struct.unpack_from("<HH", extra)
        if kind not in (0x000A, 0x5455, 0x5855, 0x7855, 0x7875) or len(extra) < 4 + size:
            return False
        extra = extra[4 + size :]
    return True


def is_moment(value):
    """Or the number of a row. True and False are numbers in Python only."""
    return type(value) is int and 0 <= value < 8e15


def manifest_in(raw):
    manifest = json.loads(raw.decode())
    files, rows = manifest["files"], manifest["rows"]
    texts = [manifest["key"], manifest["serial"], *files.values()]
    right = isinstance(rows, list) and rows and files and all(isinstance(one, str) for one in texts)
    if not right or not all(map(is_moment, [manifest["madeWallMs"], *rows])):
        raise ValueError("manifest")
    return manifest


def check(path, own=None, kept=()):
    """Whatever a file holds, it gets a verdict. own: the key that has to have signed it; kept: heads that somebody kept outside the box."""
    try:
        return checked(path, own, kept)
    except Hidden as hidden:
        return [["hidden", hidden.args[0], None]]
    except Exception:
        return [["zip", None, None]]


def checked(path, own, kept):
    faults = []

    def fault(what, file=None, seq=None):
        faults.append([what, file, seq])

    files, twice = files_of(path)
    raw = files["manifest.json"]
    manifest = manifest_in(raw)
    listed, key = set(manifest["rows"]), manifest["key"]
    for name in twice:
        fault("twice", name)
    if not is_signed(raw, key, files.get("manifest.sig", b"").decode("latin1")):
        fault("manifest")
    if own is not None and own != key:
        fault("otherKey")

    rows = {}
    lines = [line for line in files.get("rows.jsonl", b"").split(b"\n") if line]
    for at, line in enumerate(lines):
        try:
            seq, text = json.loads(line.decode())
            text = text.encode()
        except (AttributeError, TypeError, ValueError):
            seq, text = (manifest["rows"][at] if at < len(manifest["rows"]) else 0), b""
        if seq not in listed or seq in rows:
            fault("added", "rows.jsonl", seq)
        else:
            rows[seq] = text
    for seq in manifest["rows"]:
        if seq not in rows:
            fault("missing", "rows.jsonl", seq)

    try:
        chain = json.loads(files["chain.json"].decode())
        check_chain(chain, rows, manifest, fault, faults)
        for part in [chain] + chain.get("later", []):
            for block in part["blocks"]:
                for one in kept:
                    is_it = one["last"] == block["last"] and one.get("chain", part["chain"]) == part["chain"]
                    if is_it and one["head"] != block["head"]:
                        fault("otherHead", "chain.json", block["last"])
    except (KeyError, TypeError, ValueError, AttributeError):
        fault("file", "chain.json")
    check_facts(files, rows, manifest, fault, faults)
    return faults


def check_chain(chain, rows, manifest, fault, faults):
    parts, shown = [chain] + chain.get("later", []), set()
    heads = [check_blocks(part, rows, shown, fault, faults) for part in parts]
    for seq in rows:
        if seq not in shown:
            fault("row", "rows.jsonl", seq)
    for part, known, after in zip(parts, heads, parts[1:] + [None]):
        check_heads(part, known, after, rows, manifest, fault)


def check_blocks(part, rows, shown, fault, faults):
    """Returns the heads by their rows."""
    blocks, previous = part["blocks"], part["before"]
    expected = blocks[0]["first"] if blocks else None
    heads = {}
    if blocks:
        heads[blocks[0]["first"] - 1] = previous
    for block in blocks:
        first, last, head = block["first"], block["last"], block["head"]
        if first != expected:
            fault("block", "chain.json", expected)
        before = len(faults)
        digests = block.get("digests")
        for at, (digest, own) in enumerate(digests or []):
            seq = first + at
            shown.add(seq)
            if own != sha("%d %s" % (seq, digest))[:16]:
                fault("digest", "chain.json", seq)
            elif seq in rows and sha(rows[seq]) != digest:
                fault("row", "rows.jsonl", seq)
        root = block.get("root", "") if digests is None else sha("".join(one for one, _ in digests))
        if sha("%s\n%d\n%d\n%s" % (previous, first, last, root)) != head and len(faults) == before:
            fault("block", "chain.json", first)
        heads[last], previous, expected = head, head, last + 1
    return heads


def signed_head(chain, one):
    text = "lanewarden head 1\n%s\n%d\n%s\n%d" % (chain, one["last"], one["head"], one["wallMs"])
    return is_signed(text.encode(), one["key"], one["signature"])


def check_heads(part, known, after, rows, manifest, fault):
    """By the key of the bundle at the end; before it by keys that the next chain's first row names, with a head of each."""
    keys, seen = [manifest["key"]], []
    if after is not None:
        seen = [one for one in followed(part, after, rows, fault) if signed_head(part["chain"], one)]
        keys = [one["key"] for one in seen]
    for one in part["heads"]:
        known_here = known.get(one["last"]) == one["head"] and one["chain"] == part["chain"]
        shaped = is_moment(one["wallMs"]) and isinstance(one["ways"], list)
        if not known_here or not shaped or not signed_head(one["chain"], one):
            fault("head", "chain.json", one["last"])
        elif one["key"] not in keys:
            fault("key", "chain.json", one["last"])
    for one in seen:
        if known.get(one["last"], one["head"]) != one["head"]:
            fault("head", "chain.json", one["last"])
    blocks, heads = part["blocks"], part["heads"]
    if after is None and (not blocks or not heads or heads[-1]["last"] != blocks[-1]["last"]):
        fault("head", "chain.json")


def followed(part, after, rows, fault):
    """The heads that the first row of the chain after this part names; that row must name the end of the part."""
    first = after["blocks"][0]["first"] if after["blocks"] else None
    fact = fact_in(rows.get(first, b"")) or {}
    told = fact.get("follows") or fact.get("former") or {}
    end = part["blocks"][-1] if part["blocks"] else {"last": None, "head": None}
    right = (
        fact.get("kind") == "chain"
        and fact.get("chain") == after["chain"] == after["before"]
        and (told.get("chain"), told.get("last"), told.get("head")) == (part["chain"], end["last"], end["head"])
        and end["last"] < first
    )
    if right:
        return told.get("signed", [])
    fault("follows", "chain.json", first)
    return []


def fact_in(text):
    parts = text.split(b"\n", 6)
    if len(parts) < 7 or parts[2] != b"":
        return None
    try:
        fact = json.loads(parts[6])
    except ValueError:
        return None
    return fact if isinstance(fact, dict) else None


def check_facts(files, rows, manifest, fault, faults):
    facts = [fact for fact in map(fact_in, rows.values()) if fact is not None]
    given, pictures = None, {}
    # A changed row may have lost a key; the chain has named the row by then.
    for fact in facts:
        kind, record = fact.get("kind"), fact.get("record")
        if kind == "record":
            given = sha(record) if isinstance(record, str) else None
            if "settings.json" in files and fact.get("settings") != sha(files["settings.json"]):
                fault("file", "settings.json")
        elif kind == "mark" and record is not None:
            given = record
        elif kind == "frame" and isinstance(fact.get("place"), str):
            pictures[fact["place"]] = fact.get("sha256")
    if given != sha(files.get("record.json", b"")):
        fault("record", "record.json")
    for name in files:
        if name.startswith("frames/") and pictures.get(name[7:-4]) != sha(files[name]):
            fault("frame", name)
    for name, expected in manifest["files"].items():
        if name not in files:
            fault("missing", name)
        elif sha(files[name]) != expected and not any(one[1] == name for one in faults):
            fault("file", name)
    for name in files:
        listed = name in manifest["files"] or name in ("manifest.json", "manifest.sig")
        # Of lower case and in no other folder, so that it is one file on every disk.
        if not listed or not re.fullmatch(r"(frames/)?[a-z0-9-]+\.[a-z]+", name):
            fault("added", name)


def heads_in(path):
    """A head a line: copied from the page (chain, row, head), or as it was published over MQTT."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    copied = re.findall(r"\b([0-9a-f]{32})\s+(\d+)\s+([0-9a-f]{64})\b", text)
    heads = [{"chain": chain, "last": int(last), "head": head} for chain, last, head in copied]
    for line in text.split("\n"):
        try:
            one = json.loads(line[line.index("{") :])
            one = one.get("evidence", one)
            if isinstance(one["last"], int) and isinstance(one["head"], str):
                heads.append(one)
        except (AttributeError, KeyError, TypeError, ValueError):
            pass
    return heads


def main():
    options = argparse.ArgumentParser(description="Verifies bundles of evidence. Exit code 0: all pass.")
    options.add_argument("files", nargs="+", metavar="FILE.zip")
    options.add_argument("--key", help="the public key that has to have signed them, in hex")
    options.add_argument("--heads", help="a file of heads that were kept outside the box")
    asked = options.parse_args()
    kept = heads_in(asked.heads) if asked.heads else []
    passes = True
    for path in asked.files:
        faults = check(path, asked.key and asked.key.strip().lower(), kept)
        passes = passes and not faults
        verdict = "FAIL" if faults else "PASS" if asked.key else "WHOLE, KEY NOT COMPARED"
        print(json.dumps({"file": path, "verdict": verdict, "faults": faults}))
    return 0 if passes else 1


sys.exit(main())
