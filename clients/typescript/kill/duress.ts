// What waits on a phone that is taken: it arrives, and is not seen by the person who had it unlocked.
//
//     node duress.js BASE_URL STATE

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStore } from "../src/file-store.js";
import { Phone } from "../src/index.js";
import { Partnership } from "./partnership.js";

const [baseUrl = "", stateFile = ""] = process.argv.slice(2);
const [PIN, DURESS_PIN] = ["482913", "730512"];
const partnership = await Partnership.at(baseUrl, stateFile);
const folder = await mkdtemp(join(tmpdir(), "phone-"));

try {
  const { survivor, code } = await partnership.newSurvivor();
  let isOnline = true;
  const fetch = (request: Request) => (isOnline ? globalThis.fetch(request) : Promise.reject(new TypeError("fetch failed")));
  const phone = await Phone.open({ baseUrl, store: await FileStore.open(folder), fetch });
  assert.equal(await phone.enrol({ code, pin: PIN, duress_pin: DURESS_PIN }), undefined);
  const ownIncidents = async () => (await phone.api.GET("/app/v1/incidents")).data?.items.map(({ account }) => account);

  isOnline = false;
  const report = await phone.report({
    happened: { precision: "unknown" },
    behaviours: ["loiter"],
    account: "They waited outside again.",
    fear: 2,
    visibility: "advocate",
  });
  await phone.attach(new Blob(["a plain note"], { type: "text/plain" }), { report });
  await phone.lock();

  isOnline = true;
  assert.equal(await phone.unlock(DURESS_PIN), undefined);
  assert.deepEqual(await phone.outbox.view(), []);
  assert.equal(await phone.outbox.flush(), undefined);
  assert.deepEqual(await phone.outbox.view(), []);
  assert.deepEqual(await ownIncidents(), []);
  const { items } = await partnership.read(`/survivors/${survivor}/incidents`);
  assert.equal(items.length, 1, "the report has not arrived");

  // Help-now looks as it does in any session, and can be followed in this one.
  const pressed = await phone.helpNow();
  assert.ok(pressed.isSent && pressed.alert !== undefined);
  const followed = await phone.api.GET("/app/v1/alerts/{id}", { params: { path: { id: pressed.alert.id } } });
  assert.equal(followed.response.status, 200);

  assert.equal(await phone.unlock(PIN), undefined);
  assert.deepEqual(await ownIncidents(), ["They waited outside again."]);
  assert.equal((await phone.api.GET("/app/v1/evidence")).data?.items[0]?.state, "kept");
  console.log("typescript: what waited when a phone was taken arrived, and was not seen there");
} finally {
  await rm(folder, { recursive: true, force: true });
}
