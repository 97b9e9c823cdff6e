// What is said is sent once, in order, and never lost: the rules of the outbox, against a service that misbehaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPORT, SAFE, enrolled, problem, reopened } from "./support.js";

test("a call keeps the key that it was stored with, over failures and a restart", async () => {
  const made = await enrolled();
  made.service.on("POST /app/v1/check-ins", () => "away");
  const id = await made.phone.checkIn(SAFE);
  assert.equal(await made.phone.outbox.flush(), 1_000);
  const again = await reopened(made);
  await again.outbox.flush();
  made.service.acts.clear();
  again.hurry();
  await again.outbox.flush();
  assert.deepEqual(made.service.of("/app/v1/check-ins").map((heard) => heard.key), [id, id, id]);
  assert.equal((await again.outbox.view())[0]?.state, "sent");
});

test("what is said is stored before it is sent, and sealed", async () => {
  const { phone, service, store } = await enrolled();
  service.isAway = true;
  await phone.report(REPORT);
  const stored = [...store.values.values()].map((value) => Buffer.from(value).toString("latin1")).join();
  assert.ok(![...store.values.keys()].some((name) => /check|report|incident/.test(name)));
  for (const word of ["waited", "loiter", "secret", "access-1"]) assert.ok(!stored.includes(word), word);
  service.isAway = false;
  await phone.outbox.flush();
  assert.equal(service.of("/app/v1/incidents")[0]?.body.account, REPORT.account);
});

test("what waited longer than a minute goes by sync, in order, with its own times", async () => {
  const { phone, service, clock } = await enrolled();
  service.isAway = true;
  await phone.checkIn(SAFE);
  clock.pass(10);
  const timer = await phone.startTimer({ minutes: 20 });
  clock.pass(10);
  await phone.endTimer(timer);
  await phone.report(REPORT);
  clock.pass(40);
  service.isAway = false;
  phone.hurry();
  await phone.outbox.flush();
  const { items, sent_at } = service.of("/app/v1/sync")[0]?.body;
  const paths = ["check-ins", "timers", `timers/${timer}/end`, "incidents"].map((path) => `/app/v1/${path}`);
  assert.deepEqual(items.map((item: any) => item.path), paths);
  const times = ["20:00", "20:10", "20:20", "20:20"].map((time) => `2026-11-21T${time}:00.000Z`);
  assert.deepEqual(items.map((item: any) => item.body.recorded_at), times);
  assert.equal(sent_at, "2026-11-21T21:00:00.000Z");
  assert.ok((await phone.outbox.view()).every((item) => item.state === "sent"));
});

test("a lane rests for as long as the server asks, and twice as long after each failure", async () => {
  const { phone, service, clock } = await enrolled();
  await phone.checkIn(SAFE);
  service.on("POST /app/v1/check-ins", () => [503, problem("unavailable", 503), { "retry-after": "7" }]);
  assert.equal(await phone.outbox.flush(), 7_000);
  assert.equal(await phone.outbox.flush(), 7_000);
  assert.equal(service.of("/app/v1/check-ins").length, 1);
  clock.time += 7_000;
  service.on("POST /app/v1/check-ins", () => [429, problem("too_many_requests", 429)]);
  assert.equal(await phone.outbox.flush(), 2_000);
  clock.time += 2_000;
  service.acts.clear();
  assert.equal(await phone.outbox.flush(), undefined);
});

test("what is refused for good is put aside with its problem, and holds up nothing", async () => {
  const made = await enrolled();
  const { phone, service } = made;
  service.on("POST /app/v1/check-ins", ({ body }) =>
    body.note === "first" ? [422, problem("invalid", 422)] : [201, { id: "c2" }],
  );
  const first = await phone.checkIn({ ...SAFE, note: "first" });
  await phone.checkIn({ ...SAFE, note: "second" });
  await phone.outbox.flush();
  const [aside, sent] = await phone.outbox.view();
  assert.deepEqual([aside?.state, aside?.problem?.code, sent?.state], ["aside", "invalid", "sent"]);
  const again = await reopened(made);
  service.acts.clear();
  await again.outbox.flush();
  assert.equal((await again.outbox.find(first))?.state, "aside");
  await again.outbox.retry(first);
  await again.outbox.flush();
  assert.equal((await again.outbox.find(first))?.state, "sent");
});

test("a call that a batch made refused is found by sending each by itself", async () => {
  const { phone, service, clock } = await enrolled();
  for (const note of ["one", "two", "three"]) await phone.checkIn({ ...SAFE, note });
  clock.pass(5);
  service.on("POST /app/v1/sync", ({ body }) => {
    if (body.items.length > 1) return [413, problem("body_too_large", 413)];
    const [{ idempotency_key, body: said }] = body.items;
    const answered = said.note === "two" ? { status: 422, body: problem("invalid", 422) } : { status: 201, body: { id: "x" } };
    return [200, { items: [{ idempotency_key, ...answered }] }];
  });
  await phone.outbox.flush();
  assert.deepEqual((await phone.outbox.view()).map((item) => item.state), ["sent", "aside", "sent"]);
});

test("a page of the network is no answer, whatever its status", async () => {
  const { phone, service, clock } = await enrolled();
  for (const status of [200, 302, 403, 511]) {
    service.on("POST /app/v1/check-ins", () => [status, "<html>Welcome to our train</html>"]);
    const id = await phone.checkIn(SAFE);
    phone.hurry();
    assert.notEqual(await phone.outbox.flush(), undefined);
    assert.equal((await phone.outbox.find(id))?.state, "waiting", String(status));
    clock.time += 1_000;
  }
});

test("what the server fails over for long makes room, and is tried again when the app is opened", async () => {
  const made = await enrolled();
  const { phone, service } = made;
  service.on("POST /app/v1/check-ins", ({ body }) =>
    body.note === "bad" ? [500, problem("internal", 500)] : [201, { id: "c" }],
  );
  const bad = await phone.checkIn({ ...SAFE, note: "bad" });
  const good = await phone.checkIn(SAFE);
  for (let tries = 0; tries < 31; tries += 1) {
    phone.hurry();
    await phone.outbox.flush();
  }
  assert.deepEqual([(await phone.outbox.find(bad))?.state, (await phone.outbox.find(good))?.state], ["aside", "sent"]);
  assert.equal((await (await reopened(made)).outbox.find(bad))?.state, "waiting");
});

test("the same id is the same item, and what was sent is forgotten after nine days", async () => {
  const made = await enrolled();
  const { phone, service, clock } = made;
  const id = await phone.checkIn(SAFE, "form-1");
  await phone.checkIn(SAFE, "form-1");
  await phone.outbox.flush();
  await phone.checkIn(SAFE, "form-1");
  await phone.outbox.flush();
  assert.equal(service.of("/app/v1/check-ins").length, 1);
  clock.pass(9 * 24 * 60 + 1);
  assert.equal(await (await reopened(made)).outbox.find(id), undefined);
});

test("the loop sleeps for as long as the outbox says and is woken by what is added", async () => {
  const { phone, service, clock } = await enrolled();
  const ending = new AbortController();
  service.on("POST /app/v1/check-ins", () => (clock.slept.length < 3 ? "away" : [201, { id: "c" }]));
  await phone.checkIn(SAFE);
  const running = phone.run(ending.signal);
  while (!(await phone.outbox.view()).every((item) => item.state === "sent")) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  ending.abort();
  await running;
  assert.deepEqual(clock.slept.slice(0, 3), [1_000, 2_000, 4_000]);
});
