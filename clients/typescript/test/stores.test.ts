// The stores, sealing, time and looks.

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { backOff, retryAfter } from "../src/clock.js";
import { FileStore } from "../src/file-store.js";
import { IndexedDbStore, NEUTRAL, type Store, manifest, noticeOf } from "../src/index.js";
import { Vault } from "../src/store.js";
import { MemoryStore } from "./support.js";

async function keepsValues(open: () => Promise<Store>) {
  const vault = await Vault.open(await open());
  await vault.write("item/1", { words: "one" });
  await vault.write("item/2", { words: "two" });
  await vault.write("item/2", { words: "three" });
  await vault.delete("item/1");
  const again = await Vault.open(await open());
  assert.deepEqual(await again.list("item/"), [{ words: "three" }]);
  assert.equal(await again.read("item/1"), undefined);
}

test("IndexedDB keeps values, and a key that cannot be taken out", async () => {
  await keepsValues(() => IndexedDbStore.open("diary"));
  const key = await (await IndexedDbStore.open("diary")).key();
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("a folder keeps values, readable by its owner alone, and a write that ends early leaves the one before", async () => {
  const folder = await mkdtemp(join(tmpdir(), "outbox-"));
  try {
    await keepsValues(() => FileStore.open(folder));
    let isKilled = false;
    const dying = await FileStore.open(folder, (step) => {
      if (isKilled && step === "flushed") throw new Error("killed");
    });
    const vault = await Vault.open(dying);
    isKilled = true;
    await assert.rejects(vault.write("item/2", { words: "four" }));
    const again = await Vault.open(await FileStore.open(folder));
    assert.deepEqual(await again.read("item/2"), { words: "three" });
    assert.ok(!(await readdir(folder)).some((name) => name.endsWith(".new")));
    for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o077, 0, name);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a value opens under its own name alone, and a broken one hides no other", async () => {
  const store = new MemoryStore();
  const vault = await Vault.open(store);
  await vault.write("item/1", "one");
  await vault.write("item/2", "two");
  await store.put("item/1", (await store.get("item/2")) as Uint8Array<ArrayBuffer>);
  await assert.rejects(vault.read("item/1"));
  assert.deepEqual(await vault.list("item/"), ["two"]);
});

test("one thing of a name is done at a time, and a failure stops no other", async () => {
  const order: number[] = [];
  const vault = await Vault.open(new MemoryStore());
  const failing = vault.alone("one", async () => {
    order.push(1);
    throw new Error("no");
  });
  const next = vault.alone("one", async () => order.push(2));
  await assert.rejects(failing);
  await next;
  assert.deepEqual(order, [1, 2]);
});

test("waits double up to a minute, spread, and are never shorter than asked", () => {
  assert.deepEqual([1, 2, 3, 9].map((failures) => backOff(failures, 0.5)), [1_000, 2_000, 4_000, 60_000]);
  assert.deepEqual([backOff(1, 0), backOff(1, 1), backOff(1, 0, 5_000)], [800, 1_200, 5_000]);
  const now = Date.parse("2026-11-21T20:00:00Z");
  assert.equal(retryAfter("3", now), 3_000);
  assert.equal(retryAfter("Sat, 21 Nov 2026 20:00:09 GMT", now), 9_000);
  assert.deepEqual([retryAfter(null, now), retryAfter("soon", now)], [undefined, undefined]);
});

test("nothing that a bystander sees names what the app is for", () => {
  const { title, options } = noticeOf({ kind: "refresh", title: "…", text: "You have an update." }, NEUTRAL);
  assert.deepEqual([title, options.body, options.tag], ["Diary", "You have an update.", "notice"]);
  assert.equal(noticeOf("odd", { ...NEUTRAL, notice: "Open me" }).options.body, "Open me");
  const seen = JSON.stringify([manifest(NEUTRAL), title, options]).toLowerCase();
  for (const word of ["holdfast", "safe", "alarm", "shield", "help"]) assert.ok(!seen.includes(word), word);
});
