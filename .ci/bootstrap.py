#!/usr/bin/env python3
"""Sets up a whole partnership over HTTP, as a client that has read nothing but the contract.

    bootstrap.py create BASE_URL WEBHOOK_URL STATE   administrator's password on standard input; writes STATE, a JSON
                                                     file with every id and credential, and prints all tokens as JSON
    bootstrap.py token STATE AUDIENCE                signs in afresh (tokens live ten minutes) and prints the token
    bootstrap.py help-now STATE                      the survivor presses help-now; prints the alert's reference

Only the standard library is used: what a client needs must not hide in a library.
"""

import json
import os
import secrets
import sys
import urllib.error
import urllib.request
import uuid
from datetime import date, datetime, timedelta, timezone

FORCE = "south-yorkshire"
PIN = "482913"
# audience -> role; all of them sign in like staff.
STAFF = {
    "advocate": "advocate",
    "support_supervisor": "supervisor",
    "practitioner": "practitioner",
    "supervisor": "supervisor",
    "officer": "police",
    "commissioner": "commissioner",
    "auditor": "auditor",
}
ORGANISATION_OF = {
    "advocate": "survivor_support",
    "support_supervisor": "survivor_support",
    "practitioner": "programme_provider",
    "supervisor": "programme_provider",
    "officer": "police_force",
    "commissioner": "commissioner",
    "auditor": "oversight",
}
AUDIENCES = ["survivor", "administrator", "police_client", *STAFF]


class Refused(SystemExit):
    """An answer that the contract does not foresee here: says which call, and ends the run."""


def call(base, method, path, body=None, token=None, expect=(200, 201)):
    headers = {"Accept": "application/json"}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    if method == "POST":
        headers["Idempotency-Key"] = str(uuid.uuid4())
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(base + path, data=data, headers=headers, method=method)
    try:
        # Proxies of the environment are not asked: the server is on loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            status, answer = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, answer = error.code, error.read()
    if status not in expect:
        raise Refused(f"bootstrap: {method} {path} answered {status}: {answer.decode(errors='replace')[:2000]}")
    return json.loads(answer) if answer else None


def sign_in(base, username, password):
    return call(base, "POST", "/partner/v1/session", {"username": username, "password": password})["access_token"]


def token_for(state, audience):
    base = state["base_url"]
    if audience == "survivor":
        device = {key: state["device"][key] for key in ("device_id", "device_secret")}
        return call(base, "POST", "/app/v1/session/unlock", {**device, "pin": PIN})["access_token"]
    if audience == "police_client":
        return call(base, "POST", "/police/v1/token", state["police_client"])["access_token"]
    return sign_in(base, **state["staff"][audience])


def now():
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def create(base, webhook_url, password):
    state = {"base_url": base, "ids": {}, "staff": {"administrator": {"username": "admin", "password": password}}}
    ids = state["ids"]
    admin = token_for(state, "administrator")

    def as_admin(path, body):
        return call(base, "POST", "/admin/v1" + path, body, admin, expect=(201,))

    # Organisations and their staff.
    organisations = ids["organisations"] = {}
    for kind in dict.fromkeys(ORGANISATION_OF.values()):
        body = {"kind": kind, "name": f"Contract {kind.replace('_', ' ')}"}
        if kind == "police_force":
            body["force_id"] = FORCE
        organisations[kind] = as_admin("/organisations", body)["id"]
    staff_ids = ids["staff"] = {}
    for username, role in STAFF.items():
        body = {
            "username": username,
            "display_name": username.replace("_", " ").title(),
            "organisation_id": organisations[ORGANISATION_OF[username]],
            "roles": [role],
        }
        made = as_admin("/staff", body)
        staff_ids[username] = made["id"]
        credentials = {"username": username, "password": secrets.token_urlsafe(24)}
        setup = {"setup_code": made["setup_code"], "password": credentials["password"]}
        call(base, "POST", "/partner/v1/setup", setup, expect=(201,))
        state["staff"][username] = credentials

    # How the police are reached, and how they reach back.
    force = organisations["police_force"]
    endpoint = {"organisation_id": force, "url": webhook_url, "description": "Contract check"}
    state["webhook"] = as_admin("/webhook-endpoints", endpoint)
    client = as_admin("/police-clients", {"organisation_id": force, "name": "Contract check"})
    state["police_client"] = {key: client[key] for key in ("client_id", "client_secret")}

    # The survivor's side.
    tokens = {name: token_for(state, name) for name in state["staff"]}

    def staff(who, path, body, expect=(201,)):
        return call(base, "POST", "/partner/v1" + path, body, tokens[who], expect)

    survivor = staff(
        "advocate", "/survivors", {"preferred_name": "Sam", "home_force_id": FORCE, "risk_rating": "high"}
    )
    ids["survivor"] = survivor["id"]
    code = staff("advocate", f"/survivors/{survivor['id']}/enrolment-codes", {})["code"]
    enrolment = {"code": code, "pin": PIN, "code_word": "marigold", "device_name": "Contract phone"}
    state["device"] = call(base, "POST", "/app/v1/enrol", enrolment, expect=(201,))
    tokens["survivor"] = state["device"]["access_token"]
    schedule = {
        "time_zone": "Europe/London",
        "local_times": ["21:00"],
        "opens_minutes_before": 60,
        "grace_minutes": 30,
    }
    ids["schedule"] = staff("advocate", f"/survivors/{survivor['id']}/schedules", schedule)["id"]

    # The participant's side.
    today = date.today()
    participant = staff("practitioner", "/participants", {"name": "Alex Example", "home_force_id": FORCE})
    ids["participant"] = participant["id"]
    under = f"/participants/{participant['id']}"
    order = {
        "kind": "spo",
        "made_on": (today - timedelta(days=30)).isoformat(),
        "served_on": (today - timedelta(days=29)).isoformat(),
        "expires_on": (today + timedelta(days=800)).isoformat(),
        "conditions": [
            {"kind": "prohibition", "code": "approach_within_distance", "wording": "Not to go within 100 metres."}
        ],
    }
    made = staff("practitioner", under + "/orders", order)
    ids["order"], ids["order_condition"] = made["id"], made["conditions"][0]["id"]
    goal = {
        "statement": "Leaves the survivor's street alone.",
        "domain": "contact",
        "survivor_benefit": "The survivor can come and go.",
        "levels": {"-2": "Daily", "-1": "Weekly", "0": "Monthly", "1": "Once", "2": "Never"},
        "baseline": -1,
        "weight": 1,
    }
    ids["goal"] = staff("practitioner", under + "/goals", goal)["id"]
    session = {"number": 1, "module": "mindfulness", "planned_at": now(), "mode": "in_person"}
    ids["session"] = staff("practitioner", under + "/sessions", session)["id"]

    # The bridge: active once a supervisor of each side has approved it.
    case = {
        "survivor_reference": survivor["reference"],
        "participant_reference": participant["reference"],
        "relationship": "former_partner",
    }
    ids["case"] = staff("advocate", "/cases", case)["id"]
    for supervisor in ("support_supervisor", "supervisor"):
        answer = staff(supervisor, f"/cases/{ids['case']}/approve", {}, expect=(200,))
    if answer["state"] != "active":
        raise Refused(f"bootstrap: a case approved by both sides is {answer['state']!r}, not 'active'")

    # What the survivor agrees to: without it, nothing reaches the police and the case view stays empty.
    for scope in (
        "service.core",
        "share.programme.status",
        "share.programme.incident_summary",
        "alert.police.help_now",
        "alert.police.missed",
    ):
        choice = {"granted": True, "text_version": "1"}
        call(base, "PUT", f"/app/v1/consents/{scope}", choice, tokens["survivor"], expect=(200,))

    # Something to read.
    check_in = {"status": "safe", "feeling_safe": 3, "recorded_at": now()}
    ids["check_in"] = call(base, "POST", "/app/v1/check-ins", check_in, tokens["survivor"], (201,))["id"]
    incident = {
        "happened": {"precision": "unknown"},
        "behaviours": ["message_text"],
        "account": "A message from a number I do not know.",
        "fear": 1,
        "visibility": "programme_summary",
        "recorded_at": now(),
    }
    ids["incident"] = call(base, "POST", "/app/v1/incidents", incident, tokens["survivor"], (201,))["id"]

    tokens["police_client"] = token_for(state, "police_client")
    return state, tokens


def write_private(path, value):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)


def main(arguments):
    match arguments:
        case ["create", base, webhook_url, path]:
            state, tokens = create(base.rstrip("/"), webhook_url, sys.stdin.readline().rstrip("\n"))
            write_private(path, state)
            print(json.dumps(tokens))
        case ["token", path, audience] if audience in AUDIENCES:
            with open(path, encoding="utf-8") as file:
                print(token_for(json.load(file), audience))
        case ["help-now", path]:
            with open(path, encoding="utf-8") as file:
                state = json.load(file)
            token = token_for(state, "survivor")
            body = {"recorded_at": now()}
            alert = call(state["base_url"], "POST", "/app/v1/help-now", body, token, expect=(201,))["alert"]
            if not alert["police_will_be_told"]:
                raise Refused("bootstrap: the police will not be told, though the survivor switched it on")
            print(alert["reference"])
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
