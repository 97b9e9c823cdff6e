#!/usr/bin/env python3
"""Uploads evidence with tuspy, the reference client of tus in Python: breaks off, resumes, and is refused a changed byte.

    upload.py BASE_URL      a survivor's access token on standard input
"""

import hashlib
import io
import json
import sys
import urllib.request
import uuid

from tusclient import client
from tusclient.exceptions import TusUploadFailed

PIECE = 700_000
# An ISO base media file, as far as its beginning tells.
FILM = b"\0\0\0\x18ftypisom\0\0\x02\0isomavc1" + bytes(at % 251 for at in range(2_600_000))


def tus(base, token):
    # Every POST by which a phone creates something carries a key; a tus client sends it as a plain header.
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
    return client.TusClient(f"{base}/app/v1/evidence/uploads", headers=headers)


def metadata(film):
    return {"filename": "film.mp4", "filetype": "video/mp4", "sha256": hashlib.sha256(film).hexdigest()}


def get(base, token, path):
    request = urllib.request.Request(base + path, headers={"Authorization": f"Bearer {token}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as response:
        return response.read()


def breaks_and_resumes(base, token):
    first = tus(base, token).uploader(
        file_stream=io.BytesIO(FILM), chunk_size=PIECE, metadata=metadata(FILM), upload_checksum=True
    )
    first.upload(stop_at=2 * PIECE)
    assert 0 < first.offset < len(FILM), first.offset
    # Another client, which knows nothing but where the upload is.
    second = tus(base, token).uploader(file_stream=io.BytesIO(FILM), chunk_size=PIECE, url=first.url, upload_checksum=True)
    assert second.offset == first.offset, (second.offset, first.offset)
    second.upload()
    evidence = first.url.rsplit("/", 1)[1]
    kept = json.loads(get(base, token, f"/app/v1/evidence/{evidence}"))
    assert kept["state"] == "kept", kept
    assert get(base, token, f"/app/v1/evidence/{evidence}/content") == FILM


def a_changed_byte_is_refused(base, token):
    changed = bytearray(FILM)
    changed[1_234_567] ^= 1
    uploader = tus(base, token).uploader(
        file_stream=io.BytesIO(bytes(changed)), chunk_size=PIECE, metadata=metadata(FILM)
    )
    try:
        uploader.upload()
    except TusUploadFailed as refused:
        assert refused.status_code == 422, refused.status_code
        assert json.loads(refused.response_content)["code"] == "hash_mismatch", refused.response_content
    else:
        raise SystemExit("upload: a changed byte was taken")


if __name__ == "__main__":
    base, token = sys.argv[1], sys.stdin.read().strip()
    breaks_and_resumes(base, token)
    a_changed_byte_is_refused(base, token)
    print("upload: tuspy broke off, resumed and read back; a changed byte was refused")
