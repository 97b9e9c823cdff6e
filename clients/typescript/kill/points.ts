// Holds the client to its promise against a server: a phone that is killed at any point of an offline hour, and opened again,
// leaves exactly one effect of each thing that was said.
//
//     node points.js BASE_URL STATE NUMBER     STATE of .ci/bootstrap.py; so many points, spread over all that there are

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FileStore } from "../src/file-store.js";
import { type Clock, Phone } from "../src/index.js";
import { Partnership } from "./partnership.js";

const [baseUrl = "", stateFile = "", wanted = ""] = process.argv.slice(2);
const partnership = await Partnership.at(baseUrl, stateFile);
const HOUR = fileURLToPath(new URL("./hour.js", import.meta.url));
/** A phone waits more than it computes. */
const AT_ONCE = 4;
const PIN = "482913";

/** Runs the hour up to a point, or to its end. Answers how many points it had; none where it was killed. */
function hour(folder: string, seed: string, began: number, at: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [HOUR, folder, baseUrl, seed, String(began), String(at)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (text) => (said += text));
    child.on("error", reject);
    child.on("exit", (status, signal) => {
      if (signal === "SIGKILL") resolve(undefined);
      else if (status === 0) resolve(Number(said));
      else reject(new Error(`the phone ended with ${status ?? signal}`));
    });
  });
}

/** What a list of the server has of each thing. */
function counts(items: any[], name: (item: any) => string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const item of items) found[name(item)] = (found[name(item)] ?? 0) + 1;
  return found;
}

/** No alarm but these: neither of a timer that was ended in time, nor of a refresh token that was used twice. */
const EFFECTS = {
  check_ins: { "safe one": 1, "concern two": 1, "help_now three": 1, "safe between": 1, "safe four": 1 },
  incidents: { "They waited outside again.": 1, "They wrote.": 1 },
  timers: { "ended_safe 1": 1 },
  files: { "kept true image/jpeg": 1 },
  alarms: { concern: 1, help_now: 1 },
};

async function effects(phone: Phone, survivor: string): Promise<unknown> {
  const list = async (answering: Promise<{ data?: { items: any[] }; error?: unknown }>) => {
    const { data, error } = await answering;
    assert.ok(data, JSON.stringify(error));
    return data.items;
  };
  const incidents = await list(phone.api.GET("/app/v1/incidents"));
  const seen = incidents.find(({ account }) => account.startsWith("They waited"));
  const own = {
    check_ins: counts(await list(phone.api.GET("/app/v1/check-ins")), ({ answer, note }) => `${answer} ${note}`),
    incidents: counts(incidents, ({ account }) => account),
    timers: counts(await list(phone.api.GET("/app/v1/timers")), ({ state, extensions }) => `${state} ${extensions}`),
    files: counts(await list(phone.api.GET("/app/v1/evidence")), (file) =>
      [file.state, file.incident_id === seen?.id, file.media_type].join(" "),
    ),
  };
  const { items: read } = await partnership.read(`/survivors/${survivor}/check-ins`);
  assert.deepEqual(counts(read, ({ answer, note }) => `${answer} ${note}`), own.check_ins, "the advocate reads the same");
  // A private one is the survivor's alone.
  assert.equal((await partnership.read(`/survivors/${survivor}/incidents`)).items.length, 1);
  const { items: alerts } = await partnership.read(`/alerts?survivor_id=${survivor}`);
  return { ...own, alarms: counts(alerts, ({ rule }) => rule) };
}

/** One phone, killed at one point. Answers how many points its whole hour has, where it was not killed. */
async function killedAt(at: number): Promise<{ total: number | undefined; restarts: number }> {
  const folder = await mkdtemp(join(tmpdir(), "phone-"));
  try {
    const { survivor, code } = await partnership.newSurvivor();
    const began = Date.now() - 62 * 60_000;
    // It was enrolled before the hour: its session has to be refreshed after it.
    const then: Clock = { now: () => began, sleep: async () => {} };
    const first = await Phone.open({ baseUrl, store: await FileStore.open(folder), clock: then });
    assert.equal(await first.enrol({ code, pin: PIN }), undefined);
    const seed = crypto.randomUUID();
    let total = await hour(folder, seed, began, at);
    let restarts = 0;
    for (; total === undefined; restarts += 1) total = await hour(folder, seed, began, 0);
    const phone = await Phone.open({ baseUrl, store: await FileStore.open(folder) });
    assert.equal(await phone.isUnlocked(), true, "the session was lost");
    assert.deepEqual(await effects(phone, survivor), EFFECTS, `killed at point ${at}`);
    return { total, restarts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { total = 0 } = await killedAt(0);
  const number = Math.min(Number(wanted), total);
  const points = Array.from({ length: number }, (_, at) => 1 + Math.floor(((at + 0.5) * total) / number));
  const began = Date.now();
  let killed = 0;
  const worker = async () => {
    for (let at = points.shift(); at !== undefined; at = points.shift()) {
      const { restarts } = await killedAt(at);
      killed += restarts;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.equal(killed, number, "some phones were not killed");
  const seconds = Math.round((Date.now() - began) / 1_000);
  const each = "11 things said, 9 records and two alarms";
  console.log(`typescript: ${number} phones killed at as many of ${total} points; of each ${each}, once; ${seconds} s`);
}

await main();
