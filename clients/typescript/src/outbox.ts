// The outbox: what somebody says is stored before it is sent, and is there until the server has it or a person put it away.
//
// Three lanes (see items.ts) are worked through one after another; a cry for help is sent by itself at once, whatever the others
// are doing. Within a lane the order is that of recording. A lane that was asked for patience rests; the others go on.

import { type Problem, type Verdict, type Wire, call, judged, verdict } from "./answers.js";
import { type Clock, backOff, instant } from "./clock.js";
import { type FileFacts, type Item, type Lane, type ShownItem, type What } from "./items.js";
import { idIn, isForSos, itemName, laneOf, pieceName, shown } from "./items.js";
import type { Sessions } from "./sessions.js";
import type { Vault } from "./store.js";
import { PIECE_BYTES, sha256, upload } from "./upload.js";

/** Up to here a call is made as it is said. Later it goes by `/app/v1/sync`, which keeps it as said then and not now. */
const LIVE_MILLISECONDS = 60_000;
const CRY_MILLISECONDS = 10_000;
const SYNC = "/app/v1/sync";
const MOST_SYNCED = 100;
/** A body may have 512 KiB. */
const MOST_SYNCED_CHARS = 120_000;
/** After so many failures of the server over one item it makes room for the next, until the app is opened again. */
const MOST_FAULTS = 30;
/** Longer than the server keeps answers. */
const SENT_KEPT_MILLISECONDS = 9 * 24 * 3_600_000;

interface Credential {
  token: string;
  /** None for the SOS token. */
  session?: string;
}

/** `none`: it waits for the PIN. `later`: nobody can be reached now. */
type Found = Credential | "later" | "none";

export class Outbox {
  readonly #vault: Vault;
  readonly #wire: Wire;
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #rest = new Map<Lane, { failures: number; until: number }>();

  constructor(vault: Vault, wire: Wire, sessions: Sessions, clock: Clock, random: () => number) {
    this.#vault = vault;
    this.#wire = wire;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * What was recorded since the PIN was given last, and nothing else: no phone knows whether a session is under duress, so that
   * what was recorded before it is neither shown nor counted.
   */
  async view(): Promise<ShownItem[]> {
    const current = await this.#sessions.current();
    if (current === undefined) return [];
    return (await this.#items()).filter((item) => item.view === current.view).map(shown);
  }

  /** Stores a call. The same `id` again is the same item, which is left as it is. */
  add(what: What, path: string, said: Record<string, unknown>, id?: string): Promise<Item> {
    const item = this.made(what, path, said, id);
    return this.#vault.alone("outbox", () => this.store(item));
  }

  /** Stores a file: first its pieces, then the item, which counts. */
  async addFile(
    bytes: Uint8Array<ArrayBuffer>,
    facts: Pick<FileFacts, "media_type" | "name" | "report" | "incident_id">,
    id?: string,
  ): Promise<Item> {
    const item = this.made("file", "", {}, id);
    const hash = await sha256(bytes);
    const key = item.id;
    const file = { ...facts, bytes: bytes.length, sha256: hash, piece_bytes: PIECE_BYTES, key, restarts: 0 };
    return this.#vault.alone("pieces", async () => {
      if (await this.find(key)) return this.store(item);
      for (let at = 0; at * PIECE_BYTES < bytes.length; at += 1) {
        await this.#vault.writeBytes(pieceName(key, at), bytes.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES));
      }
      return this.#vault.alone("outbox", () => this.store({ ...item, file }));
    });
  }

  /** An item with its key and its time, which nothing changes from here on. */
  made(what: What, path: string, said: Record<string, unknown>, id: string = crypto.randomUUID()): Item {
    const recorded_at = instant(this.#clock.now());
    const body = { ...said, recorded_at };
    return { id, seq: 0, what, lane: laneOf(what, said), path, body, recorded_at, state: "waiting", faults: 0 };
  }

  /** Stores an item as it is, unless it is there. A cry for help does so without waiting for a turn. */
  async store(item: Item): Promise<Item> {
    const known = await this.find(item.id);
    if (known !== undefined) return known;
    const session = await this.#sessions.current();
    const of = session === undefined ? {} : { session: session.id, view: session.view };
    const seq = 1 + Math.max(0, ...(await this.#items()).map((other) => other.seq));
    const stored = { ...item, ...of, seq };
    await this.#save(stored);
    return stored;
  }

  /** Sends an item that was put aside once more. */
  async retry(id: string): Promise<void> {
    const item = await this.find(id);
    if (item?.state !== "aside") return;
    const { problem: _, ...rest } = item;
    await this.#save({ ...rest, state: "waiting", faults: 0 });
  }

  /** Forgets an item, sent or not: for a person who decided so. */
  async discard(id: string): Promise<void> {
    await this.#vault.delete(itemName(id));
    await this.#dropPieces(id);
  }

  find(id: string): Promise<Item | undefined> {
    return this.#vault.read<Item>(itemName(id));
  }

  /** Clears up once, when the app is opened: what was sent long ago, pieces without an item, what the server failed over. */
  tidy(): Promise<void> {
    return this.#vault.alone("pieces", async () => {
      const items = await this.#items();
      const before = this.#clock.now() - SENT_KEPT_MILLISECONDS;
      for (const item of items) {
        if (item.state === "sent" && (item.settled_at ?? 0) < before) await this.#vault.delete(itemName(item.id));
        if (item.state === "aside" && item.problem?.status === 500) await this.retry(item.id);
      }
      const owners = new Set(items.filter((item) => item.state !== "sent").map((item) => item.id));
      for (const name of await this.#vault.names("piece/")) {
        if (!owners.has(name.split("/")[1] ?? "")) await this.#vault.delete(name);
      }
    });
  }

  /** Tries all lanes again without waiting out their rests: the network is back, or the PIN was given. */
  hurry(): void {
    this.#rest.clear();
  }

  /** Sends what is due. Answers after how many milliseconds there is something to do again; nothing where nothing waits. */
  async flush(): Promise<number | undefined> {
    const waits: (number | undefined)[] = [];
    for (const lane of ["cry", "word", "file"] as const) waits.push(await this.#lane(lane));
    const waiting = (await this.#items()).filter((item) => item.state === "waiting");
    await this.#sessions.sweep(new Set(waiting.flatMap((item) => item.session ?? [])));
    const due = waits.filter((wait) => wait !== undefined);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /** Sends one cry for help, now. Answers the item as it is then. */
  async press(item: Item): Promise<Item> {
    const found = await this.#cry(item);
    const settled = this.#settled(item, found === "none" ? { kind: "later", isFault: false } : found);
    // That it was sent is true whether or not, and before, it is written down.
    if (settled !== item) this.#save(settled).catch(() => undefined);
    return settled;
  }

  async #items(): Promise<Item[]> {
    return (await this.#vault.list<Item>("item/")).sort((one, other) => one.seq - other.seq);
  }

  #save(item: Item): Promise<void> {
    return this.#vault.write(itemName(item.id), item);
  }

  #lane(lane: Lane): Promise<number | undefined> {
    return this.#vault.alone(`lane/${lane}`, async () => {
      const rest = this.#rest.get(lane) ?? { failures: 0, until: 0 };
      const items = (await this.#items()).filter((item) => item.lane === lane && item.state === "waiting");
      if (items.length === 0) return undefined;
      const left = rest.until - this.#clock.now();
      if (left > 0) return left;
      const work = { cry: () => this.#cries(items), word: () => this.#words(items), file: () => this.#files(items) };
      const stopped = await work[lane]();
      if (stopped === undefined) {
        this.#rest.delete(lane);
        return undefined;
      }
      const wait = backOff(rest.failures + 1, this.#random(), stopped.after);
      this.#rest.set(lane, { failures: rest.failures + 1, until: this.#clock.now() + wait });
      return wait;
    });
  }

  async #cries(items: Item[]): Promise<{ after?: number | undefined } | undefined> {
    for (const item of items) {
      const found = await this.#cry(item);
      if (found === "none") continue;
      await this.#settle(item, found);
      if (found.kind === "later") return found;
    }
    return undefined;
  }

  /** A cry goes by the token in hand, else by the SOS token: it waits for no refresh that it can do without. */
  async #cry(item: Item): Promise<Verdict | "none"> {
    const say = (token: string) => this.#direct(item, token, CRY_MILLISECONDS);
    const inHand = await this.#sessions.tokenInHand(item.session).catch(() => undefined);
    const sos = isForSos(item) ? (await this.#sessions.phone())?.sos_token : undefined;
    for (const token of [inHand, sos]) {
      if (token === undefined) continue;
      const said = await say(token);
      if (said.kind !== "refused") return said;
    }
    return this.#asking(item, say);
  }

  async #words(items: Item[]): Promise<{ after?: number | undefined } | undefined> {
    let isSingle = false;
    for (let at = 0; at < items.length; ) {
      const first = items[at] as Item;
      const batch = this.#isLive(first) ? [first] : this.#batch(items.slice(at), isSingle);
      let answers: Verdict[] = [];
      const found = await this.#asking(first, async (token, session) => {
        // The SOS token says one thing at a time.
        const isDirect = session === undefined || this.#isLive(first);
        answers = isDirect ? [await this.#direct(first, token)] : await this.#sync(batch, token);
        return answers[0] as Verdict;
      });
      if (found === "none") {
        at += 1;
        continue;
      }
      if (answers.length === 1 && found.kind === "final" && batch.length > 1) {
        // The call as a whole was refused: whose fault it is shows when each is sent by itself.
        isSingle = true;
        continue;
      }
      const settled = answers.length > 1 ? answers : [found];
      for (const [index, answer] of settled.entries()) await this.#settle(items[at + index] as Item, answer);
      const later = settled.find((answer) => answer.kind === "later");
      if (later !== undefined) return later.kind === "later" ? later : undefined;
      at += settled.length;
    }
    return undefined;
  }

  async #files(items: Item[]): Promise<{ after?: number | undefined } | undefined> {
    for (const item of items) {
      const file = item.file as FileFacts;
      const report = file.report === undefined ? undefined : await this.find(file.report);
      // It waits until its report has an id, or a person has decided what becomes of that.
      if (report !== undefined && report.state !== "sent") continue;
      const incident = file.incident_id ?? idIn(report?.answer);
      const save = (changed: Item) => this.#save(changed);
      const tools = { wire: this.#wire, vault: this.#vault, now: () => this.#clock.now(), save };
      const found = await this.#asking(item, async (token) => {
        const stored = (await this.find(item.id)) ?? item;
        return upload(tools, stored, stored.file ?? file, incident, token);
      });
      if (found === "none") continue;
      const settled = await this.#settle((await this.find(item.id)) ?? item, found);
      if (settled.state === "sent") await this.#dropPieces(item.id);
      if (found.kind === "later") return found;
    }
    return undefined;
  }

  /** Asks with the credential of an item, and once more with another where that one is not taken any more. */
  async #asking(
    item: Item,
    ask: (token: string, session: string | undefined) => Promise<Verdict>,
  ): Promise<Verdict | "none"> {
    const found = await this.#credential(item);
    if (found === "none") return "none";
    if (found === "later") return { kind: "later", isFault: false };
    const first = await ask(found.token, found.session);
    if (first.kind !== "refused") return first;
    if (found.session !== undefined) {
      const token = await this.#sessions.renewed(found.session, found.token);
      const second = token === undefined ? undefined : await ask(token, found.session);
      if (second !== undefined && second.kind !== "refused") return second;
      if (second !== undefined) await this.#sessions.end(found.session);
    }
    return { kind: "later", isFault: false };
  }

  /** The session in which it was recorded; where that is over the one that is unlocked, else the SOS token where that may say it. */
  async #credential(item: Item): Promise<Found> {
    const current = (await this.#sessions.current())?.id;
    for (const id of new Set([item.session, current])) {
      const session = id === undefined ? undefined : await this.#sessions.find(id);
      if (session === undefined || session.ended) continue;
      const token = await this.#sessions.token(session.id);
      if (token !== undefined) return { token, session: session.id };
      if (!(await this.#sessions.find(session.id))?.ended) return "later";
    }
    const phone = isForSos(item) ? await this.#sessions.phone() : undefined;
    return phone === undefined ? "none" : { token: phone.sos_token };
  }

  #isLive(item: Item): boolean {
    return Math.abs(this.#clock.now() - Date.parse(item.recorded_at)) <= LIVE_MILLISECONDS;
  }

  /** What goes in one call: of one session, in order, as far as a body carries it. */
  #batch(items: Item[], isSingle: boolean): Item[] {
    let chars = 0;
    const most = isSingle ? 1 : MOST_SYNCED;
    const end = items.slice(0, most).findIndex((item, at) => {
      chars += JSON.stringify(item.body).length;
      return at > 0 && (chars > MOST_SYNCED_CHARS || item.session !== items[0]?.session || this.#isLive(item));
    });
    return items.slice(0, end === -1 ? most : end);
  }

  #direct(item: Item, token: string, milliseconds?: number): Promise<Verdict> {
    const headers = { "content-type": "application/json", "idempotency-key": item.id };
    const body = JSON.stringify(item.body);
    return verdict(call(this.#wire, "POST", item.path, token, headers, body, milliseconds), this.#clock.now());
  }

  /** One verdict for each of a batch; a single one where the call as a whole was not taken. */
  async #sync(batch: Item[], token: string): Promise<Verdict[]> {
    const items = batch.map(({ id, path, body }) => ({ idempotency_key: id, method: "POST", path, body }));
    const body = JSON.stringify({ items, sent_at: instant(this.#clock.now()) });
    const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
    const whole = await verdict(call(this.#wire, "POST", SYNC, token, headers, body), this.#clock.now());
    if (whole.kind !== "done") return [whole];
    const synced = (whole.answer as { items?: { idempotency_key: string; status: number; body: unknown }[] }).items ?? [];
    const answers = new Map(synced.map((one) => [one.idempotency_key, judged(one.status, one.body)]));
    return batch.map(({ id }) => answers.get(id) ?? { kind: "later", isFault: false });
  }

  async #settle(item: Item, answer: Verdict): Promise<Item> {
    const settled = this.#settled(item, answer);
    if (settled !== item) await this.#save(settled);
    return settled;
  }

  #settled(item: Item, answer: Verdict): Item {
    const settled_at = this.#clock.now();
    if (answer.kind === "done") {
      const { file: _, problem: __, ...rest } = item;
      // What was said is with the service now; the phone need not hold it.
      return { ...rest, state: "sent", body: {}, answer: answer.answer, settled_at };
    }
    if (answer.kind === "final") return { ...item, state: "aside", problem: answer.problem, settled_at };
    if (answer.kind === "refused" || !answer.isFault) return item;
    const faults = item.faults + 1;
    // A cry for help makes room for nobody.
    if (faults < MOST_FAULTS || item.lane === "cry") return { ...item, faults };
    return { ...item, faults, state: "aside", problem: FAILED, settled_at };
  }

  async #dropPieces(id: string): Promise<void> {
    for (const name of await this.#vault.names(`piece/${id}/`)) await this.#vault.delete(name);
  }
}

const FAILED: Problem = {
  type: "about:blank",
  title: "The service could not take this",
  status: 500,
  code: "internal",
  detail: "",
  request_id: "",
};
