"""A receiver of webhooks by the published rules (Standard Webhooks, CloudEvents) and the standard library alone: it shares no code with the box.

receiver.py SECRET [--port N] [--faults PERCENT] [--seed N] [--plan STATUS,STATUS:RETRY-AFTER,...]

Prints {"port": N}, then a line for each request: id, whether the signature is right, SHA-256 of the body, content type, headers of ours, the event,
the status answered, and when. `--plan` are the first answers; a fault is 503, an answer cut off, or a connection closed after the whole request came.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

parser = argparse.ArgumentParser()
parser.add_argument("secret")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--faults", type=int, default=0)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--plan", default="")
given = parser.parse_args()
KEY = base64.b64decode(given.secret.removeprefix("whsec_"))
PLAN = [each for each in given.plan.split(",") if each]
CHANCE = random.Random(given.seed)
LOCK = threading.Lock()


def is_signed(headers, body):
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
        return False
    text = b".".join([headers.get("webhook-id", "").encode(), stamp.encode(), body])
    mac = base64.b64encode(hmac.new(KEY, text, hashlib.sha256).digest()).decode()
    found = [each.split(",", 1) for each in headers.get("webhook-signature", "").split(" ")]
    return any(version == "v1" and hmac.compare_digest(value, mac) for version, value in found)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.take(b"")

    def do_POST(self):
        self.take(self.rfile.read(int(self.headers.get("content-length", 0))))

    def take(self, body):
        with LOCK:
            step = PLAN.pop(0) if PLAN else None
            fault = CHANCE.choice(["503", "cut", "gone"]) if step is None and CHANCE.randrange(100) < given.faults else None
            status, _, retry = (step or "200").partition(":")
            event = json.loads(body) if "json" in self.headers.get("content-type", "") else None
            line = {
                "method": self.command,
                "path": self.path,
                "id": self.headers.get("webhook-id"),
                "signed": is_signed(self.headers, body),
                "sha256": hashlib.sha256(body).hexdigest(),
                "bytes": len(body),
                "type": self.headers.get("content-type"),
                "record": self.headers.get("lanewarden-record"),
                "event": event,
                "answer": fault or status,
                "at": time.time() * 1000,
            }
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        if fault == "gone":
            self.close_connection = True
            return
        self.send_response(503 if fault == "503" else int(status))
        if retry:
            self.send_header("retry-after", retry)
        if status == "302":
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", "2")
        self.end_headers()
        if fault == "cut":
            self.close_connection = True
            return
        self.wfile.write(b"ok")


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """The box was killed in the middle of a request."""


def end_with_tests():
    """Files of tests that share a worker share these processes, too: the last one ends them."""
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_tests, daemon=True).start()
server = Server(("127.0.0.1", given.port), Receiver)
sys.stdout.write(json.dumps({"port": server.server_address[1]}) + "\n")
sys.stdout.flush()
server.serve_forever()
