// The phone: what an app calls. Everything that is said is stored first and sent as soon as it can be; reads are the calls of
// the contract, typed, with a session that refreshes itself.

import createClient, { type Client } from "openapi-fetch";
import { type Fetch, type Problem, type Schemas, wire } from "./answers.js";
import { type Clock, systemClock } from "./clock.js";
import type { paths } from "./contract.js";
import type { CheckIn, Item, NewTimer, Press, Report } from "./items.js";
import { type Look, NEUTRAL, NOT_SENT } from "./look.js";
import { Outbox } from "./outbox.js";
import { Sessions } from "./sessions.js";
import { type Store, Vault } from "./store.js";

/** What an app team sets. */
export interface PhoneSettings {
  /** Where the service is. */
  baseUrl: string;
  store: Store;
  look?: Partial<Look>;
  fetch?: Fetch;
  clock?: Clock;
  /** From 0 to 1; spreads retries. */
  random?: () => number;
  /** Whether the platform knows that there is no network. */
  isOffline?: () => boolean;
}

/** What came of a press. Only `isSent: true` means that the service has it; whether a person has it, `alert` says. */
export type Pressed =
  | { isSent: true; id: string; alert?: Schemas["Raised"] }
  | { isSent: false; id: string; say: typeof NOT_SENT };

/** How long a press waits for its answer before it says that it is not sent. It goes on trying. */
const PRESS_MILLISECONDS = 5_000;
/** How long it waits for being stored. */
const STORE_MILLISECONDS = 1_000;
/** How long a PIN that is given again waits for what was said before it. */
const CONFIRM_MILLISECONDS = 3_000;
/** How often the outbox looks by itself. */
const IDLE_MILLISECONDS = 60_000;

export class Phone {
  /** Calls of the contract in the session that is unlocked. What is to survive a bad connection goes by the methods below. */
  readonly api: Client<paths>;
  readonly outbox: Outbox;
  readonly look: Look;
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #isOffline: () => boolean;
  #poke = new AbortController();

  private constructor(settings: PhoneSettings, vault: Vault) {
    const fetch = settings.fetch ?? ((request) => globalThis.fetch(request));
    const toService = wire(settings.baseUrl, fetch);
    this.#clock = settings.clock ?? systemClock;
    this.#isOffline = settings.isOffline ?? (() => globalThis.navigator?.onLine === false);
    this.#sessions = new Sessions(vault, toService, this.#clock);
    const random = settings.random ?? Math.random;
    this.outbox = new Outbox(vault, toService, this.#sessions, this.#clock, random);
    this.look = { ...NEUTRAL, ...settings.look };
    this.api = createClient<paths>({ baseUrl: toService.base, fetch: (request) => this.#inSession(request, fetch) });
  }

  static async open(settings: PhoneSettings): Promise<Phone> {
    const phone = new Phone(settings, await Vault.open(settings.store));
    await phone.outbox.tidy();
    return phone;
  }

  // --- the session ---------------------------------------------------------------------------------------------------

  /** Enrols with the advocate's code, and unlocks. Answers what was refused. */
  enrol(body: Omit<Schemas["EnrolRequest"], "device_name"> & { device_name?: string }): Promise<Problem | undefined> {
    return this.#sessions.enrol({ device_name: this.look.name, ...body });
  }

  /** Unlocks with a PIN, and sends what waited for it. Answers what was refused. */
  async unlock(pin: string): Promise<Problem | undefined> {
    const refused = await this.#sessions.unlock(pin);
    if (refused === undefined) this.hurry();
    return refused;
  }

  /** Gives the PIN again within a session. What was recorded before is sent first, where it can be, and shown no more. */
  async confirm(pin: string): Promise<Problem | undefined> {
    this.outbox.hurry();
    const sending = this.outbox.flush().catch(() => undefined);
    await Promise.race([sending, this.#clock.sleep(CONFIRM_MILLISECONDS)]);
    const { error } = await this.api.POST("/app/v1/session/confirm", { body: { pin } });
    if (error === undefined) await this.#sessions.beginView();
    return error;
  }

  /** Locks at once, with or without a network. */
  async lock(): Promise<void> {
    await this.#sessions.lock();
    this.hurry();
  }

  async isEnrolled(): Promise<boolean> {
    return (await this.#sessions.phone()) !== undefined;
  }

  async isUnlocked(): Promise<boolean> {
    const session = await this.#sessions.current();
    return session !== undefined && session.ended !== true;
  }

  // --- what is said --------------------------------------------------------------------------------------------------

  /**
   * Cries for help: stored, sent before everything else, with or without a session. Where it has not arrived the answer says so,
   * at once where there is no network and within seconds where there is a bad one; the outbox goes on trying.
   */
  async helpNow(said: Press = {}, id: string = crypto.randomUUID()): Promise<Pressed> {
    const notSent: Pressed = { isSent: false, id, say: NOT_SENT };
    const sending = this.#press(said, id);
    // What becomes of it later is the outbox's.
    sending.catch(() => undefined);
    if (this.#isOffline()) return notSent;
    const patience = new AbortController();
    const waited = this.#clock.sleep(PRESS_MILLISECONDS, patience.signal).then(() => notSent);
    const pressed = await Promise.race([sending, waited]).catch(() => notSent);
    patience.abort();
    if (!pressed.isSent) this.#poke.abort();
    return pressed;
  }

  async #press(said: Press, id: string): Promise<Pressed> {
    const made = this.outbox.made("help_now", "/app/v1/help-now", said, id);
    // A disk that is full, or does not answer, silences nobody.
    const patience = new AbortController();
    const waited = this.#clock.sleep(STORE_MILLISECONDS, patience.signal).then(() => made);
    const item = await Promise.race([this.outbox.store(made), waited]).catch(() => made);
    patience.abort();
    const sent = item.state === "waiting" ? await this.outbox.press(item) : item;
    const alert = (sent.answer as { alert?: Schemas["Raised"] } | undefined)?.alert;
    if (sent.state !== "sent") return { isSent: false, id, say: NOT_SENT };
    return { isSent: true, id, ...(alert === undefined ? {} : { alert }) };
  }

  /** Answers a check-in. The methods below answer the item's id: the same `id` again is the same item. */
  checkIn(said: CheckIn, id?: string): Promise<string> {
    return this.#say(this.outbox.add("check_in", "/app/v1/check-ins", said, id));
  }

  /** Reports an incident. */
  report(said: Report, id?: string): Promise<string> {
    return this.#say(this.outbox.add("incident", "/app/v1/incidents", said, id));
  }

  /** Adds a photograph, or any file, to a report of this phone or to an incident. Nothing is made of it but what is sent. */
  async attach(
    file: Blob,
    to: { report?: string; incident_id?: string; name?: string } = {},
    id?: string,
  ): Promise<string> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return this.#say(this.outbox.addFile(bytes, { media_type: file.type, ...to }, id));
  }

  /** Starts a timer, whose id is the answer; it can be extended and ended before the server has heard of it. */
  startTimer(said: NewTimer, id: string = crypto.randomUUID()): Promise<string> {
    return this.#say(this.outbox.add("timer", "/app/v1/timers", { ...said, id }, id));
  }

  extendTimer(timer: string, minutes: number, id?: string): Promise<string> {
    return this.#say(this.outbox.add("timer_extension", `/app/v1/timers/${timer}/extend`, { minutes }, id));
  }

  endTimer(timer: string, id?: string): Promise<string> {
    return this.#say(this.outbox.add("timer_end", `/app/v1/timers/${timer}/end`, {}, id));
  }

  /** Registers where notices are sent (see push.ts). */
  async registerPush(body: Schemas["PushRequest"]): Promise<Problem | undefined> {
    const id = (await this.#sessions.phone())?.device_id ?? "";
    const { error } = await this.api.PUT("/app/v1/devices/{id}/push", { params: { path: { id } }, body });
    return error;
  }

  // --- sending -------------------------------------------------------------------------------------------------------

  /** Sends whatever is due until the signal is aborted. Call `hurry` where the platform says that the network is back. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#poke.abort(), { once: true });
    while (!signal.aborted) {
      this.#poke = new AbortController();
      const wait = await this.outbox.flush().catch(() => undefined);
      await this.#sessions.keepWarm().catch(() => undefined);
      await this.#clock.sleep(Math.min(wait ?? IDLE_MILLISECONDS, IDLE_MILLISECONDS), this.#poke.signal);
    }
  }

  /** Tries at once what would have waited longer. */
  hurry(): void {
    this.outbox.hurry();
    this.#poke.abort();
  }

  async #say(adding: Promise<Item>): Promise<string> {
    const { id } = await adding;
    this.#poke.abort();
    return id;
  }

  /** A call in the session that is unlocked; made once more where its token is not taken any more. */
  async #inSession(request: Request, fetch: Fetch): Promise<Response> {
    const session = await this.#sessions.current();
    const token = session === undefined ? undefined : await this.#sessions.token(session.id);
    if (session === undefined || token === undefined) return fetch(request);
    const again = request.clone();
    request.headers.set("authorization", `Bearer ${token}`);
    const answer = await fetch(request);
    if (answer.status !== 401) return answer;
    const renewed = await this.#sessions.renewed(session.id, token);
    if (renewed === undefined) return answer;
    again.headers.set("authorization", `Bearer ${renewed}`);
    return fetch(again);
  }
}
