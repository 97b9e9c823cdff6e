// Files go after their report, resume where the server says, and leave nothing on the phone once they are sent.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { PIECE_BYTES } from "../src/upload.js";
import { REPORT, type Service, enrolled, problem, reopened } from "./support.js";

const FILM = new Uint8Array(3 * PIECE_BYTES + 17).map((_, at) => at % 251);
const film = () => new Blob([FILM], { type: "video/mp4" });

/** Takes uploads as tus says; `limit` pieces go through before the network is gone. */
function takesUploads(service: Service, limit = Infinity) {
  const upload = { received: 0, made: 0, left: limit, keys: [] as (string | null)[], metadata: "" };
  service.on("POST /app/v1/evidence/uploads", ({ key, headers }) => {
    upload.keys.push(key);
    upload.metadata = headers.get("upload-metadata") ?? "";
    upload.made += 1;
    upload.received = 0;
    const id = `e${upload.made}`;
    const address = `/app/v1/evidence/uploads/${id}`;
    service.on(`HEAD ${address}`, () => [200, undefined, { "upload-offset": String(upload.received) }]);
    service.on(`PATCH ${address}`, ({ headers }) => {
      if ((upload.left -= 1) < 0) return "away";
      assert.equal(headers.get("upload-offset"), String(upload.received));
      upload.received = Math.min(FILM.length, upload.received + PIECE_BYTES);
      return [204, undefined, { "upload-offset": String(upload.received) }];
    });
    service.on(`GET /app/v1/evidence/${id}`, () => [200, { id, state: upload.received < FILM.length ? "uploading" : "kept" }]);
    return [201, { id }];
  });
  return upload;
}

test("a photograph follows its report, with its incident, its hash and its time", async () => {
  const { phone, service, store } = await enrolled();
  const upload = takesUploads(service);
  service.on("POST /app/v1/incidents", () => [201, { id: "incident-1" }]);
  const report = await phone.report(REPORT);
  await phone.attach(film(), { report });
  await phone.outbox.flush();
  const said = Object.fromEntries(upload.metadata.split(",").map((pair) => pair.split(" ") as [string, string]));
  const read = (name: string) => Buffer.from(said[name] ?? "", "base64").toString();
  const hash = createHash("sha256").update(FILM).digest("hex");
  assert.deepEqual([read("incident_id"), read("sha256"), read("filetype")], ["incident-1", hash, "video/mp4"]);
  assert.ok((await phone.outbox.view()).every((item) => item.state === "sent"));
  assert.ok(![...store.values.keys()].some((name) => name.startsWith("piece/")));
});

test("an upload goes on where it broke off, after a restart too", async () => {
  const made = await enrolled();
  const upload = takesUploads(made.service, 2);
  await made.phone.attach(film());
  assert.notEqual(await made.phone.outbox.flush(), undefined);
  upload.left = Infinity;
  // The server had more of it than its answers said.
  upload.received = 3 * PIECE_BYTES - 5;
  const again = await reopened(made);
  await again.outbox.flush();
  assert.equal((await again.outbox.view())[0]?.state, "sent");
  assert.equal(upload.made, 1);
});

test("an upload that the server gave up is begun again under another key", async () => {
  const { phone, service } = await enrolled();
  const upload = takesUploads(service, 1);
  const id = await phone.attach(film());
  await phone.outbox.flush();
  service.on("HEAD /app/v1/evidence/uploads/e1", () => [410]);
  upload.left = Infinity;
  for (const _ of [1, 2]) {
    phone.hurry();
    await phone.outbox.flush();
  }
  assert.equal((await phone.outbox.find(id))?.state, "sent");
  assert.equal(upload.keys[0], id);
  assert.notEqual(upload.keys[1], id);
});

test("a file waits for a report that a person has to look at, and is refused with a problem of its own", async () => {
  const { phone, service } = await enrolled();
  service.on("POST /app/v1/incidents", () => [422, problem("invalid", 422)]);
  service.on("POST /app/v1/evidence/uploads", () => [415, problem("media_type_not_taken", 415)]);
  const report = await phone.report(REPORT);
  const file = await phone.attach(film(), { report });
  await phone.outbox.flush();
  assert.equal((await phone.outbox.find(file))?.state, "waiting");
  await phone.outbox.discard(report);
  await phone.outbox.flush();
  assert.deepEqual((await phone.outbox.find(file))?.problem?.code, "media_type_not_taken");
});

test("a file whose upload ended without it is not taken for sent", async () => {
  const { phone, service } = await enrolled();
  takesUploads(service);
  const id = await phone.attach(film());
  const create = service.acts.get("POST /app/v1/evidence/uploads");
  service.on("POST /app/v1/evidence/uploads", async (heard) => {
    const answer = await create?.(heard);
    service.on("GET /app/v1/evidence/e1", () => [200, { id: "e1", state: "refused" }]);
    return answer ?? "away";
  });
  await phone.outbox.flush();
  assert.equal((await phone.outbox.find(id))?.state, "waiting");
  service.on("HEAD /app/v1/evidence/uploads/e1", () => [410]);
  for (const _ of [1, 2]) {
    phone.hurry();
    await phone.outbox.flush();
  }
  assert.deepEqual((await phone.outbox.find(id))?.answer, { id: "e2", state: "kept" });
});

test("pieces whose item was never stored are cleared away", async () => {
  const made = await enrolled();
  const write = made.store.put.bind(made.store);
  made.store.put = (name, value) => (name.startsWith("item/") ? Promise.reject(new Error("killed")) : write(name, value));
  await assert.rejects(made.phone.attach(film()));
  made.store.put = write;
  await reopened(made);
  assert.ok(![...made.store.values.keys()].some((name) => name.startsWith("piece/")));
});
