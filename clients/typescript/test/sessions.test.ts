// A session outlives lost answers and kills, and never makes the advocate believe that somebody else holds the phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SAFE, enrolled, problem, reopened } from "./support.js";

test("reads refresh a session that has run out, once for all that ask together", async () => {
  const { phone, service, clock } = await enrolled();
  clock.pass(10);
  await Promise.all([phone.api.GET("/app/v1/devices"), phone.api.GET("/app/v1/orders")]);
  assert.equal(service.of("/app/v1/session/refresh").length, 1);
  assert.equal(service.of("/app/v1/devices")[0]?.token, "access-2");
});

test("a token that the server refuses is renewed, and the call made once more", async () => {
  const { phone, service } = await enrolled();
  const act = ({ token }: { token: string | null }): [number, unknown] =>
    token === "access-1" ? [401, problem("unauthenticated", 401)] : [201, { id: "c", items: [] }];
  service.on("GET /app/v1/devices", act);
  service.on("POST /app/v1/check-ins", act);
  assert.equal((await phone.api.GET("/app/v1/devices")).response.status, 201);
  await phone.checkIn(SAFE);
  await phone.outbox.flush();
  assert.equal((await phone.outbox.view())[0]?.state, "sent");
  assert.equal(service.of("/app/v1/session/refresh").length, 1);
});

test("a refresh whose answer was lost is repeated within the minute in which the server repeats itself", async () => {
  const made = await enrolled();
  const { service, clock } = made;
  clock.pass(10);
  service.on("POST /app/v1/session/refresh", () => "away");
  await made.phone.api.GET("/app/v1/devices");
  clock.time += 20_000;
  service.acts.clear();
  const again = await reopened(made);
  await again.api.GET("/app/v1/devices");
  assert.deepEqual(service.of("/app/v1/session/refresh").map((heard) => heard.body.refresh_token), ["refresh-1", "refresh-1"]);
  assert.equal(await again.isUnlocked(), true);
});

test("one that was lost for longer is not tried: it takes the PIN, and what waits goes on", async () => {
  const made = await enrolled();
  const { phone, service, clock } = made;
  clock.pass(10);
  await phone.checkIn(SAFE);
  service.on("POST /app/v1/session/refresh", () => "away");
  await phone.outbox.flush();
  clock.pass(2);
  service.acts.clear();
  phone.hurry();
  await phone.outbox.flush();
  assert.equal(service.of("/app/v1/session/refresh").length, 1);
  assert.equal(await phone.isUnlocked(), false);
  await phone.unlock("4821");
  await phone.outbox.flush();
  assert.equal(service.of("/app/v1/sync").length, 1);
});

test("without a network nothing is begun that could cost the session, for hours", async () => {
  const { phone, service, clock } = await enrolled();
  await phone.checkIn(SAFE);
  service.on("GET /health/ready", () => [503, {}]);
  for (let hour = 0; hour < 5; hour += 1) {
    clock.pass(60);
    service.isAway = hour % 2 === 0;
    phone.hurry();
    await phone.outbox.flush();
  }
  assert.equal(service.of("/app/v1/session/refresh").length, 0);
  service.isAway = false;
  service.acts.clear();
  phone.hurry();
  await phone.outbox.flush();
  assert.equal(service.of("/app/v1/sync")[0]?.token, "access-2");
});

test("a session that the server ended takes the PIN", async () => {
  const { phone, service, clock } = await enrolled();
  clock.pass(10);
  service.on("POST /app/v1/session/refresh", () => [401, problem("unauthenticated", 401)]);
  await phone.api.GET("/app/v1/devices");
  assert.equal(await phone.isUnlocked(), false);
  service.on("POST /app/v1/session/unlock", () => [401, problem("unauthenticated", 401)]);
  assert.equal((await phone.unlock("1"))?.code, "unauthenticated");
  assert.equal(await phone.isUnlocked(), false);
});

test("while the app is open a press finds a token in hand, however long nothing was said", async () => {
  const { phone, service, clock } = await enrolled();
  const ending = new AbortController();
  const running = phone.run(ending.signal);
  while (clock.now() < Date.parse("2026-11-21T20:12:00Z")) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await phone.helpNow()).isSent, true);
  ending.abort();
  await running;
  assert.equal(service.of("/app/v1/help-now")[0]?.token, "access-2");
});
