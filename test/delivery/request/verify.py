"""Verifies signatures of platform requests as their documents describe them, with the standard library only: one JSON a line in, one answer a line out."""
import base64
import hashlib
import hmac
import json
import sys
from urllib.parse import parse_qsl, urlsplit


def pairs(form, secret, tail):
    kept = sorted((k, v) for k, v in form.items() if k != "sign" and v != "")
    text = "&".join(f"{k}={v}" for k, v in kept) + tail + secret
    return hashlib.md5(text.encode("utf-8")).hexdigest().upper() == form.get("sign")


def multipart(body, kind):
    boundary = kind.split("boundary=")[1].encode()
    fields, files = {}, {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, content = part[2:-2].split(b"\r\n\r\n", 1)
        name = head.split(b'name="')[1].split(b'"')[0].decode()
        if b"filename=" in head:
            files[name] = content.hex()
        else:
            assert b"charset=UTF-8" in head
            fields[name] = content.decode("utf-8")
    return fields, files


def check(ask):
    body = base64.b64decode(ask["body"])
    headers, secret = ask["headers"], ask["secret"]
    kind = headers.get("content-type", "")
    if ask["profile"] == "4pyun":
        if kind.startswith("multipart/"):
            fields, files = multipart(body, kind)
        else:
            fields, files = dict(parse_qsl(body.decode("ascii"), encoding="utf-8")), {}
        return {"right": pairs(fields, secret, "&app_secret="), "fields": fields, "files": files}
    if ask["profile"] == "bolink-upload-liftrod":
        text = body.decode("utf-8")
        data = text[text.index('"data":') + 7:-1]
        whole = json.loads(text)
        right = hashlib.md5((data + "key=" + secret).encode("utf-8")).hexdigest().upper() == whole["sign"]
        return {"right": right, "fields": whole, "files": {}}
    whole = json.loads(body.decode("utf-8"), parse_float=str, parse_int=str)
    data = {k: v for k, v in whole["payload"].items() if k != "photo"}
    normal = "&".join(f"{k}={data[k]}" for k in sorted(data))
    text = "\n".join([ask["method"], urlsplit(ask["url"]).path, normal, headers["x-time"], headers["x-nonce"]])
    mac = base64.b64encode(hmac.new(secret.encode(), text.encode("utf-8"), hashlib.sha256).digest()).decode()
    return {"right": headers["x-signature"] == "v2=" + mac, "fields": whole["payload"], "files": {}}


for line in sys.stdin:
    print(json.dumps(check(json.loads(line)), ensure_ascii=True), flush=True)
