// One phone's offline hour, in a process of its own that ends itself (SIGKILL) at a given point; see points.ts.
//
//     node hour.js FOLDER BASE_URL SEED BEGAN POINT     ends at that point; 0: never. Prints how many points there were.

import { setTimeout as pause } from "node:timers/promises";
import { FileStore } from "../src/file-store.js";
import { type Fetch, NOT_SENT, Phone, type Store } from "../src/index.js";

const [folder = "", baseUrl = "", seed = "", began = "", last = ""] = process.argv.slice(2);
let passed = 0;

function point(): void {
  passed += 1;
  if (passed === Number(last)) {
    process.kill(process.pid, "SIGKILL");
    // Nothing more is done until the signal is there.
    for (;;);
  }
}

/** Before and after each write and, within it, once the file is written, flushed and renamed. */
async function dyingStore(): Promise<Store> {
  const store = await FileStore.open(folder, point);
  const around = async (act: Promise<void>) => {
    await act;
    point();
  };
  return {
    key: () => store.key(),
    get: (name) => store.get(name),
    names: () => store.names(),
    put: (name, value) => (point(), around(store.put(name, value))),
    delete: (name) => (point(), around(store.delete(name))),
  };
}

let minute = 0;
let isOnline = false;

/** Before each request, while it is under way, and when its answer is there and nobody has read it. */
const dyingFetch: Fetch = async (request) => {
  point();
  if (!isOnline) throw new TypeError("fetch failed");
  const answering = fetch(request);
  answering.catch(() => undefined);
  // Long enough to be with the server, and too short for its answer.
  if (passed + 1 === Number(last)) await pause(8);
  point();
  const answer = await answering;
  point();
  return answer;
};

const clock = {
  now: () => (isOnline ? Date.now() : Number(began) + minute * 60_000),
  sleep: async () => {},
};

/** A photograph, by its first bytes. */
export function photograph(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1_500_000).map((_, at) => (at * 31) % 251);
  bytes.set([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0]);
  return bytes;
}

async function offlineHour(phone: Phone): Promise<void> {
  const id = (what: string) => `${what}-${seed}`;
  const at = (minutes: number) => (minute = minutes);
  await phone.checkIn({ status: "safe", feeling_safe: 3, note: "one" }, id("one"));
  at(5);
  await phone.startTimer({ minutes: 20 }, seed);
  at(10);
  const report = await phone.report(
    {
      happened: { precision: "unknown" },
      behaviours: ["loiter"],
      account: "They waited outside again.",
      fear: 2,
      visibility: "programme_summary",
    },
    id("report"),
  );
  await phone.attach(new Blob([photograph()], { type: "image/jpeg" }), { report }, id("photograph"));
  at(15);
  await phone.extendTimer(seed, 5, id("extension"));
  at(25);
  await phone.endTimer(seed, id("end"));
  at(30);
  await phone.checkIn({ status: "concern", note: "two" }, id("two"));
  await phone.outbox.flush();
  at(40);
  const pressed = await phone.helpNow({ note: "three" }, id("press"));
  // Killed after it had arrived, and asked again, it says so.
  if (!pressed.isSent && pressed.say !== NOT_SENT) throw new Error(JSON.stringify(pressed));
  at(45);
  await phone.report(
    {
      happened: { precision: "unknown" },
      behaviours: ["message_text"],
      account: "They wrote.",
      fear: 1,
      visibility: "private",
    },
    id("second-report"),
  );
  at(50);
  await phone.checkIn({ status: "safe", note: "between" }, id("between"));
  at(55);
  await phone.checkIn({ status: "safe", note: "four" }, id("four"));
}

const phone = await Phone.open({ baseUrl, store: await dyingStore(), fetch: dyingFetch, clock });
// An hour that was over before is not lived again: no clock goes back so far.
if ((await phone.outbox.find(`four-${seed}`)) === undefined) await offlineHour(phone);
isOnline = true;
for (let tries = 0; ; tries += 1) {
  phone.hurry();
  await phone.outbox.flush();
  const items = await phone.outbox.view();
  if (items.length === 11 && items.every((item) => item.state === "sent")) break;
  const aside = items.filter((item) => item.state === "aside");
  if (aside.length > 0 || tries > 100) throw new Error(`the outbox is not empty: ${JSON.stringify(items)}`);
  await pause(100);
}
console.log(passed);
