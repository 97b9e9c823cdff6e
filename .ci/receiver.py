#!/usr/bin/env python3
"""A police force's receiver, verifying with the official Standard Webhooks library and nothing of ours.

    receiver.py serve FOLDER          listens on a free loopback port, writes FOLDER/port, takes the secret from
                                      FOLDER/secret (made after the endpoint is), and writes down each delivery
    receiver.py wait FOLDER REFERENCE SECONDS   until the alert's delivery has arrived and was verified
    receiver.py close FOLDER          fails if any delivery did not verify

Deliveries are written to FOLDER/deliveries, one JSON object a line; those that verified as they came, headers and body,
to FOLDER/raw, for another library to verify.
"""

import base64
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver(BaseHTTPRequestHandler):
    folder: Path

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        delivery = {"id": self.headers.get("webhook-id"), "error": None}
        try:
            secret = (self.folder / "secret").read_text(encoding="utf-8").strip()
            message = Webhook(secret).verify(body, dict(self.headers))
            delivery["type"] = message["type"]
            delivery["alert"] = message["data"].get("alert")
        except (WebhookVerificationError, OSError, ValueError, KeyError) as error:
            delivery["error"] = f"{type(error).__name__}: {error}"
        if not delivery["error"]:
            names = ("webhook-id", "webhook-timestamp", "webhook-signature")
            headers = {name: self.headers.get(name) for name in names}
            self.write("raw", {"headers": headers, "body": base64.b64encode(body).decode()})
        self.write("deliveries", delivery)
        self.send_response(400 if delivery["error"] else 204)
        self.end_headers()

    def write(self, name, value):
        # One write of one line: threads do not mix theirs.
        with open(self.folder / name, "a", encoding="utf-8") as file:
            file.write(json.dumps(value) + "\n")

    def log_message(self, *_):
        """Silent: the deliveries are the log."""


def serve(folder):
    Receiver.folder = folder
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    partial = folder / "port.new"
    partial.write_text(str(server.server_port), encoding="utf-8")
    partial.rename(folder / "port")
    server.serve_forever()


def deliveries(folder):
    try:
        lines = (folder / "deliveries").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


def wait(folder, reference, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for delivery in deliveries(folder):
            if delivery["error"]:
                raise SystemExit(f"receiver: a delivery did not verify: {delivery}")
            if delivery["alert"] == reference:
                print(f"webhook: {delivery['type']} for {reference} verified by standardwebhooks ({delivery['id']})")
                return
        time.sleep(0.1)
    raise SystemExit(f"receiver: no delivery for {reference} within {seconds:.0f} s; got {deliveries(folder)}")


def close(folder):
    seen = deliveries(folder)
    bad = [delivery for delivery in seen if delivery["error"]]
    print(f"webhook: {len(seen)} deliveries in all, {len(bad)} of them not verified")
    if bad:
        raise SystemExit(f"receiver: {bad[:3]}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", path]:
            serve(Path(path))
        case ["wait", path, alert, limit]:
            wait(Path(path), alert, float(limit))
        case ["close", path]:
            close(Path(path))
        case _:
            raise SystemExit(__doc__)
