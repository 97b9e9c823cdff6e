#!/usr/bin/env python3
"""Answers a check-in with the client that openapi-python-client made of the app's document.

    check_in.py BASE_URL     the survivor's token in HOLDFAST_TOKEN; the generated package on PYTHONPATH
"""

import os
import sys
import uuid
from datetime import datetime, timezone

from holdfast_app import AuthenticatedClient
from holdfast_app.api.check_ins import create_check_in
from holdfast_app.models import Answer, ContactSinceLast, CreateCheckInRequest

client = AuthenticatedClient(base_url=sys.argv[1], token=os.environ["HOLDFAST_TOKEN"])
body = CreateCheckInRequest(
    status=Answer.SAFE,
    contact_since_last=ContactSinceLast.YES,
    recorded_at=datetime.now(timezone.utc),
)
answer = create_check_in.sync_detailed(client=client, body=body, idempotency_key=str(uuid.uuid4()))
if answer.status_code != 201:
    sys.exit(f"check_in: {answer.status_code}: {answer.content!r}")
print(f"clients: {type(answer.parsed).__name__} in Python")
