"""Tells the box of a payment, again with the same id until it answers, and reads who left unpaid.

    INTAKE=http://127.0.0.1:8081 TOKEN=... PAGE=http://127.0.0.1:8080 READ_TOKEN=... python3 vendor.py PAY-1 1001 粤B12345 1500

Python 3.8 or later, standard library only.
"""
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

WAITS_S = [1, 2, 4, 8, 10]  # and then 10 for ever
REFUSED = (400, 409, 413, 415, 422)


def call(url, token, message=None):
    """The status, the headers and the content of an answer. Raises an error when nothing comes for 5 s, or what came is no answer."""
    body = None if message is None else json.dumps(message).encode("utf-8")
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, json.load(answer)
    except urllib.error.HTTPError as refusal:  # an answer as well
        return refusal.code, refusal.headers, json.loads(refusal.read() or b"{}")


def tell(path, message):
    """Returns what the cashier sees. Write the message to your disk before, and delete it after."""
    tries = 0
    while True:
        wait_s = WAITS_S[min(tries, len(WAITS_S) - 1)]
        try:
            status, headers, said = call(os.environ["INTAKE"] + path, os.environ["TOKEN"], message)
            if status == 202:
                return "expired" if said.get("status") == "expired" else "told"
            if status in (401, 403):
                return "token"
            if status in REFUSED:
                return "refused: " + ", ".join(error["field"] for error in said.get("errors", []))
            print("answered", status, file=sys.stderr)
            wait_s = int(headers.get("Retry-After", wait_s))
        except (OSError, ValueError, http.client.HTTPException) as trouble:
            print("no answer:", trouble, file=sys.stderr)
        tries += 1
        time.sleep(wait_s)  # the same message again, with the same id


def main(order, lane, plate, fen):
    paid_at = datetime.now(timezone.utc).isoformat(timespec="seconds")
    message = {"id": order, "lane": lane, "plate": plate, "amount": int(fen), "issuedAt": paid_at}
    print(tell("/api/v1/grants", message))
    _, _, said = call(os.environ["PAGE"] + "/api/v2/releases?limit=100", os.environ["READ_TOKEN"])
    for release in said["items"]:
        if release["state"] not in ("withdrawn", "dropped"):
            print(release["lane"], release["plate"] or "-", release["cause"])


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    main(*sys.argv[1:])
