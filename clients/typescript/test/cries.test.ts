// A cry for help waits for nothing and says the truth; and what was recorded before a PIN is not shown after it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NOT_SENT } from "../src/index.js";
import { REPORT, SAFE, enrolled, problem, reopened } from "./support.js";

test("help-now says at once that it is not sent, goes first when it can, and is sent once", async () => {
  const { phone, service, clock } = await enrolled();
  service.isAway = true;
  await phone.checkIn(SAFE);
  const pressed = await phone.helpNow({ note: "at the door" });
  assert.deepEqual(pressed, { isSent: false, id: pressed.id, say: NOT_SENT });
  assert.equal(NOT_SENT, "NOT sent. Call 999.");
  clock.pass(60);
  service.isAway = false;
  phone.hurry();
  await phone.outbox.flush();
  const said = service.heard.filter((heard) => heard.method === "POST").map((heard) => heard.path);
  assert.deepEqual(said.slice(1, 2), ["/app/v1/help-now"]);
  const [heard] = service.of("/app/v1/help-now");
  assert.deepEqual([heard?.token, heard?.key, heard?.body.recorded_at], ["sos", pressed.id, "2026-11-21T20:00:00.000Z"]);
  assert.ok(said.includes("/app/v1/sync"));
});

test("help-now goes by the token in hand, by the SOS token where that is refused, and without a session", async () => {
  const { phone, service } = await enrolled();
  assert.equal((await phone.helpNow()).isSent, true);
  service.on("POST /app/v1/help-now", ({ token }) =>
    token === "sos" ? [201, { alert: { id: "a2" } }] : [401, problem("unauthenticated", 401)],
  );
  assert.equal((await phone.helpNow()).isSent, true);
  await phone.lock();
  const locked = await phone.helpNow();
  assert.deepEqual(locked, { isSent: true, id: locked.id, alert: { id: "a2" } });
  assert.deepEqual(service.of("/app/v1/help-now").map((heard) => heard.token), ["access-1", "access-1", "sos", "sos"]);
  assert.equal(service.of("/app/v1/session/refresh").length, 0);
});

test("help-now waits for no upload and no answer that does not come", async () => {
  const { phone, service } = await enrolled();
  const id = await phone.report(REPORT);
  await phone.attach(new Blob(["film"], { type: "video/mp4" }), { report: id });
  let arrived = () => {};
  const uploading = new Promise<void>((resolve) => (arrived = resolve));
  service.on("POST /app/v1/evidence/uploads", () => {
    arrived();
    return new Promise(() => {});
  });
  void phone.outbox.flush();
  await uploading;
  assert.equal((await phone.helpNow()).isSent, true);
  service.on("POST /app/v1/help-now", () => new Promise(() => {}));
  assert.equal((await phone.helpNow()).isSent, false);
});

test("help-now is sent where nothing can be stored, and where storing does not end", async () => {
  const { phone, service, store } = await enrolled();
  store.put = () => Promise.reject(new Error("QuotaExceededError"));
  assert.equal((await phone.helpNow()).isSent, true);
  store.put = () => new Promise(() => {});
  await phone.helpNow();
  assert.equal(service.of("/app/v1/help-now").length, 2);
});

test("a concern of a locked phone goes by the SOS token; what needs a PIN waits for it", async () => {
  const { phone, service } = await enrolled();
  await phone.lock();
  await phone.checkIn({ status: "concern", note: "A car outside." });
  await phone.checkIn(SAFE);
  await phone.outbox.flush();
  assert.deepEqual(service.of("/app/v1/check-ins").map((heard) => heard.token), ["sos"]);
  await phone.unlock("4821");
  await phone.outbox.flush();
  assert.deepEqual(service.of("/app/v1/check-ins").map((heard) => heard.token), ["sos", "access-2"]);
});

test("after a PIN nothing of before is shown or counted, and it is sent in the session that it was recorded in", async () => {
  const { phone, service, clock } = await enrolled();
  service.isAway = true;
  await phone.report(REPORT);
  clock.pass(1);
  await phone.lock();
  assert.deepEqual(await phone.outbox.view(), []);
  service.isAway = false;
  // Whichever PIN it is: the phone does not know.
  await phone.unlock("7305");
  assert.deepEqual(await phone.outbox.view(), []);
  await phone.checkIn(SAFE);
  assert.equal((await phone.outbox.view()).length, 1);
  await phone.outbox.flush();
  assert.equal(service.of("/app/v1/incidents")[0]?.token, "access-1");
  assert.equal(service.of("/app/v1/check-ins")[0]?.token, "access-2");
  assert.deepEqual(service.of("/app/v1/session/lock").map((heard) => heard.body.refresh_token), ["refresh-1"]);
});

test("a PIN that is given again sends what waits first, and hides it", async () => {
  const { phone, service } = await enrolled();
  await phone.checkIn(SAFE);
  assert.equal(await phone.confirm("7305"), undefined);
  const order = service.heard.map((heard) => heard.path).slice(1, 3);
  assert.deepEqual(order, ["/app/v1/check-ins", "/app/v1/session/confirm"]);
  assert.deepEqual(await phone.outbox.view(), []);
  service.on("POST /app/v1/session/confirm", () => [403, problem("wrong_pin", 403)]);
  await phone.checkIn(SAFE);
  assert.equal((await phone.confirm("1"))?.code, "wrong_pin");
  assert.equal((await phone.outbox.view()).length, 1);
});

test("a locked phone without a network ends its session at the server later", async () => {
  const made = await enrolled();
  made.service.isAway = true;
  await made.phone.lock();
  await made.phone.outbox.flush();
  const again = await reopened(made);
  assert.equal(await again.isUnlocked(), false);
  made.service.isAway = false;
  await again.outbox.flush();
  assert.equal(made.service.of("/app/v1/session/lock").length, 1);
});
