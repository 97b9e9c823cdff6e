// Sessions of one phone: enrolling, unlocking, refreshing, locking.
//
// Nothing here remembers anything between two calls: each reads the store, so that a second tab, or the process that follows
// one that was killed, goes on where the other was. A session lives for as long as something that was recorded in it waits,
// also when the phone was locked or unlocked since: what was recorded under one PIN is not sent under another.

import type { Wire, Schemas } from "./answers.js";
import type { Clock } from "./clock.js";
import type { Vault } from "./store.js";

/** The phone's own secrets, which outlive its sessions. */
export interface PhoneRecord {
  device_id: string;
  device_secret: string;
  sos_token: string;
}

/** A session as it is stored. */
export interface SessionRecord {
  id: string;
  /** What is shown of the outbox: what was recorded under the PIN that was given last. */
  view: string;
  access_token: string;
  refresh_token: string;
  /** By the phone's clock. */
  expires_at: number;
  /** Since when a refresh is under way of which no answer is stored. */
  refreshing_since?: number;
  /** It is over: the PIN has to be given. */
  ended?: boolean;
}

/** The server repeats the answer to a refresh for a minute; a later repeat would end the session and alarm the advocate. */
const REPEATED_MILLISECONDS = 50_000;
/** A token is renewed before it ends under way; while an app is open so early that a press finds one in hand. */
const EARLY_MILLISECONDS = 30_000;
const WARM_MILLISECONDS = 150_000;

const PHONE = "phone";
const CURRENT = "current";
const nameOf = (id: string) => `session/${id}`;

export class Sessions {
  readonly #vault: Vault;
  readonly #wire: Wire;
  readonly #clock: Clock;

  constructor(vault: Vault, wire: Wire, clock: Clock) {
    this.#vault = vault;
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Enrols the phone with the advocate's code. The secrets in the answer are shown once: killed in between, it takes a new code. */
  async enrol(body: Schemas["EnrolRequest"]): Promise<Schemas["Problem"] | undefined> {
    const { data, error } = await this.#wire.calls.POST("/app/v1/enrol", { body });
    if (data === undefined) return error;
    const { device_id, device_secret, sos_token } = data;
    await this.#vault.write(PHONE, { device_id, device_secret, sos_token } satisfies PhoneRecord);
    await this.#begin(data);
    return undefined;
  }

  /** Unlocks with a PIN. Which one it was nothing here knows. */
  async unlock(pin: string): Promise<Schemas["Problem"] | undefined> {
    const phone = await this.phone();
    if (phone === undefined) throw new Error("this phone is not enrolled");
    const { device_id, device_secret } = phone;
    const { data, error } = await this.#wire.calls.POST("/app/v1/session/unlock", { body: { device_id, device_secret, pin } });
    if (data === undefined) return error;
    await this.#begin(data);
    return undefined;
  }

  /** After a PIN was given again within a session: what was recorded before it is shown no more. */
  async beginView(): Promise<void> {
    const session = await this.current();
    if (session !== undefined) await this.#change(session.id, (now) => ({ ...now, view: crypto.randomUUID() }));
  }

  /** Locks at once. The session ends at the server when nothing that was recorded in it waits any more. */
  lock(): Promise<void> {
    return this.#vault.delete(CURRENT);
  }

  phone(): Promise<PhoneRecord | undefined> {
    return this.#vault.read<PhoneRecord>(PHONE);
  }

  /** The session that is unlocked. */
  async current(): Promise<SessionRecord | undefined> {
    const id = await this.#vault.read<string>(CURRENT);
    return id === undefined ? undefined : this.find(id);
  }

  find(id: string): Promise<SessionRecord | undefined> {
    return this.#vault.read<SessionRecord>(nameOf(id));
  }

  /** A token of a session that needs no call first. */
  async tokenInHand(id: string | undefined): Promise<string | undefined> {
    const session = id === undefined ? undefined : await this.find(id);
    return session !== undefined && !this.#isSpent(session) ? session.access_token : undefined;
  }

  /** A token of a session, refreshed where it has to be; none where there is none to be had now. */
  async token(id: string): Promise<string | undefined> {
    return (await this.tokenInHand(id)) ?? this.#refresh(id, undefined);
  }

  /** Renews the token of the session that is unlocked before it is needed. */
  async keepWarm(): Promise<void> {
    const session = await this.current();
    if (session !== undefined) await this.#refresh(session.id, undefined, WARM_MILLISECONDS);
  }

  /** Another token than the one that the server refused; none where the session is over, or nobody can be reached. */
  renewed(id: string, refused: string): Promise<string | undefined> {
    return this.#refresh(id, refused);
  }

  /** The session is over: the server takes no token of it. */
  end(id: string): Promise<void> {
    return this.#change(id, (session) => ({ ...session, ended: true }));
  }

  /** Ends, at the server too, the sessions that are neither unlocked nor needed for what waits. */
  async sweep(needed: Set<string>): Promise<void> {
    const current = await this.#vault.read<string>(CURRENT);
    for (const session of await this.#vault.list<SessionRecord>("session/")) {
      if (session.id === current || needed.has(session.id)) continue;
      const body = { refresh_token: session.refresh_token };
      const answered = await this.#wire.calls.POST("/app/v1/session/lock", { body }).catch(() => undefined);
      if (answered?.response.status === 204 || session.ended) await this.#vault.delete(nameOf(session.id));
    }
  }

  async #begin(tokens: Schemas["Tokens"]): Promise<void> {
    const id = crypto.randomUUID();
    const session = { id, view: crypto.randomUUID(), ...this.#kept(tokens) };
    await this.#vault.write(nameOf(id), session satisfies SessionRecord);
    await this.#vault.write(CURRENT, id);
  }

  #kept({ access_token, refresh_token, expires_in }: Schemas["Tokens"]) {
    return { access_token, refresh_token, expires_at: this.#clock.now() + expires_in * 1_000 };
  }

  #isSpent(session: SessionRecord, early = EARLY_MILLISECONDS): boolean {
    return session.ended === true || session.expires_at - early <= this.#clock.now();
  }

  #change(id: string, change: (session: SessionRecord) => SessionRecord): Promise<void> {
    return this.#vault.alone(nameOf(id), async () => {
      const session = await this.find(id);
      if (session !== undefined) await this.#vault.write(nameOf(id), change(session));
    });
  }

  /**
   * Refreshes, in three steps that a kill may come between: the intention is stored, the server is asked, the answer is stored.
   * An intention without an answer is repeated within the minute in which the server repeats itself. Later nobody can know whether
   * the old token is used up, and trying it would tell the advocate that somebody else holds it: then the session is over.
   */
  #refresh(id: string, refused: string | undefined, early?: number): Promise<string | undefined> {
    return this.#vault.alone(nameOf(id), async () => {
      const session = await this.find(id);
      if (session === undefined || session.ended) return undefined;
      // Another tab may have done it meanwhile.
      if (session.access_token !== refused && !this.#isSpent(session, early)) return session.access_token;
      const now = this.#clock.now();
      const since = session.refreshing_since;
      if (since !== undefined && Math.abs(now - since) > REPEATED_MILLISECONDS) {
        await this.#vault.write(nameOf(id), { ...session, ended: true });
        return undefined;
      }
      // Nothing is begun that an absent network or a server without its database would leave open.
      if (since === undefined && !(await this.#isReady())) return undefined;
      await this.#vault.write(nameOf(id), { ...session, refreshing_since: since ?? this.#clock.now() });
      const body = { refresh_token: session.refresh_token };
      const answered = await this.#wire.calls.POST("/app/v1/session/refresh", { body }).catch(() => undefined);
      const { refreshing_since: _, ...settled } = session;
      if (answered?.data !== undefined) {
        await this.#vault.write(nameOf(id), { ...settled, ...this.#kept(answered.data) });
        return answered.data.access_token;
      }
      if (answered?.response.status === 401) await this.#vault.write(nameOf(id), { ...session, ended: true });
      if (answered?.response.status === 429) await this.#vault.write(nameOf(id), settled);
      return undefined;
    });
  }

  async #isReady(): Promise<boolean> {
    const answered = await this.#wire.calls.GET("/health/ready").catch(() => undefined);
    return answered?.response.ok === true;
  }
}
