// What the tests stand in for: a store in memory, a clock that is moved, and a service that answers as each test wants.

import { type Clock, type Fetch, type Look, Phone, type Report, type Store, systemClock } from "../src/index.js";

export class MemoryStore implements Store {
  readonly values = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #key = crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

  key(): Promise<CryptoKey> {
    return this.#key;
  }
  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.values.get(name);
  }
  async put(name: string, value: Uint8Array<ArrayBuffer>): Promise<void> {
    this.values.set(name, value);
  }
  async delete(name: string): Promise<void> {
    this.values.delete(name);
  }
  async names(): Promise<string[]> {
    return [...this.values.keys()];
  }
}

export class HandClock implements Clock {
  time = Date.parse("2026-11-21T20:00:00Z");
  slept: number[] = [];

  now(): number {
    return this.time;
  }
  /** Time passes at once, unless somebody ends the wait first. */
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    // What runs meanwhile gets its turn: sealing is done on threads that no turn of this loop waits for.
    await systemClock.sleep(Math.min(200, milliseconds / 25), signal);
    if (signal?.aborted) return;
    this.slept.push(milliseconds);
    this.time += milliseconds;
  }
  pass(minutes: number): void {
    this.time += minutes * 60_000;
  }
}

export interface Heard {
  method: string;
  path: string;
  key: string | null;
  token: string | null;
  headers: Headers;
  body: any;
}

type Answer = [status: number, body?: unknown, headers?: Record<string, string>];
type Act = (heard: Heard) => Answer | "away" | Promise<Answer | "away">;

/** A service that notes what it hears and answers 201 unless an act was given for that call. */
export class Service {
  readonly heard: Heard[] = [];
  readonly acts = new Map<string, Act>();
  isAway = false;
  generation = 0;

  readonly fetch: Fetch = async (request) => {
    const { pathname: path } = new URL(request.url);
    const text = request.headers.get("content-type")?.includes("json") ? await request.text() : "";
    const body = text === "" ? undefined : JSON.parse(text);
    const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? null;
    const key = request.headers.get("idempotency-key");
    const heard = { method: request.method, path, key, token, headers: request.headers, body };
    if (this.isAway) throw new TypeError("fetch failed");
    this.heard.push(heard);
    const act = this.acts.get(`${request.method} ${path}`) ?? this.#usual(path);
    const answer = await act(heard);
    if (answer === "away") throw new TypeError("fetch failed");
    const [status, said, headers] = answer;
    const type = typeof said === "object" ? "application/json" : "text/html";
    const sent = said === undefined ? null : typeof said === "string" ? said : JSON.stringify(said);
    return new Response(sent, { status, headers: { ...(sent === null ? {} : { "content-type": type }), ...headers } });
  };

  on(call: string, act: Act): void {
    this.acts.set(call, act);
  }
  of(path: string): Heard[] {
    return this.heard.filter((heard) => heard.path === path);
  }
  tokens() {
    this.generation += 1;
    return { access_token: `access-${this.generation}`, refresh_token: `refresh-${this.generation}`, expires_in: 600 };
  }

  #usual(path: string): Act {
    if (path.endsWith("/enrol")) {
      const phone = { device_id: "d1", device_secret: "secret", sos_token: "sos", is_confirmed: true };
      return () => [201, { ...phone, ...this.tokens() }];
    }
    if (/session\/(unlock|refresh)$/.test(path)) return () => [200, this.tokens()];
    if (/session\/(lock|confirm)$/.test(path)) return () => [204];
    if (path === "/health/ready") return () => [200, {}];
    if (path.endsWith("/sync")) {
      return ({ body }) => [
        200,
        { items: body.items.map((item: any) => ({ idempotency_key: item.idempotency_key, status: 201, body: { id: "x" } })) },
      ];
    }
    if (path.endsWith("/help-now")) return () => [201, { alert: { id: "a1", state: "open" } }];
    return () => [201, { id: `of-${this.heard.length}` }];
  }
}

export interface Bench {
  phone: Phone;
  store: MemoryStore;
  clock: HandClock;
  service: Service;
}

export async function bench(store = new MemoryStore(), clock = new HandClock(), service = new Service()): Promise<Bench> {
  return { phone: await reopened({ store, clock, service }), store, clock, service };
}

/** The app is opened on what is stored, as after it was killed. */
export function reopened({ store, clock, service }: Omit<Bench, "phone">, look: Partial<Look> = {}): Promise<Phone> {
  const settings = { baseUrl: "http://service.test/", fetch: service.fetch, store, clock, look };
  return Phone.open({ ...settings, random: () => 0.5, isOffline: () => false });
}

export async function enrolled(): Promise<Bench> {
  const made = await bench();
  await made.phone.enrol({ code: "7QX4", pin: "4821", duress_pin: "7305" });
  return made;
}

export const problem = (code: string, status: number) => ({ type: `urn:holdfast:problem:${code}`, title: code, status, code });

export const SAFE = { status: "safe" } as const;
export const REPORT: Report = {
  happened: { precision: "unknown" },
  behaviours: ["loiter"],
  account: "They waited outside again.",
  fear: 2,
  visibility: "advocate",
};
