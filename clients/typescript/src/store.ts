// Where a phone keeps what must outlive it: small named values, each sealed before it is handed to the store.

/** A place for named values. A platform's own (a file, SQLite, secure storage) needs these five and nothing else. */
export interface Store {
  /** The key that seals what is stored: AES-GCM, made once, and never extractable where the platform can see to it. */
  key(): Promise<CryptoKey>;
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Durable once it resolves; a process that is killed leaves the value before or this one, whole. */
  put(name: string, value: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(name: string): Promise<void>;
  names(): Promise<string[]>;
}

const IV_BYTES = 12;
const turns = new WeakMap<Store, Map<string, Promise<unknown>>>();

/** Seals and opens what is stored. A value opens under its own name alone. */
export class Vault {
  readonly #store: Store;
  readonly #key: CryptoKey;

  private constructor(store: Store, key: CryptoKey) {
    this.#store = store;
    this.#key = key;
  }

  static async open(store: Store): Promise<Vault> {
    return new Vault(store, await store.key());
  }

  async readBytes(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const sealed = await this.#store.get(name);
    if (sealed === undefined) return undefined;
    const iv = sealed.subarray(0, IV_BYTES);
    const opened = await crypto.subtle.decrypt(this.#how(iv, name), this.#key, sealed.subarray(IV_BYTES));
    return new Uint8Array(opened);
  }

  async writeBytes(name: string, value: Uint8Array<ArrayBuffer>): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = new Uint8Array(await crypto.subtle.encrypt(this.#how(iv, name), this.#key, value));
    const whole = new Uint8Array(IV_BYTES + sealed.length);
    whole.set(iv);
    whole.set(sealed, IV_BYTES);
    await this.#store.put(name, whole);
  }

  async read<T>(name: string): Promise<T | undefined> {
    const bytes = await this.readBytes(name);
    return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as T);
  }

  write(name: string, value: unknown): Promise<void> {
    return this.writeBytes(name, new TextEncoder().encode(JSON.stringify(value)));
  }

  delete(name: string): Promise<void> {
    return this.#store.delete(name);
  }

  /** The names that begin with `prefix`, in order. */
  async names(prefix: string): Promise<string[]> {
    return (await this.#store.names()).filter((name) => name.startsWith(prefix)).sort();
  }

  /** What is stored under a prefix. One value that cannot be opened keeps no other from being found. */
  async list<T>(prefix: string): Promise<T[]> {
    const found = await Promise.all((await this.names(prefix)).map((name) => this.read<T>(name).catch(() => undefined)));
    return found.filter((value): value is Awaited<T> & {} => value !== undefined) as T[];
  }

  /** Does one thing of a name at a time: among all tabs and workers where the browser can, else within this process. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (globalThis.navigator?.locks !== undefined) {
      return navigator.locks.request(name, work) as Promise<T>;
    }
    const waiting = turns.get(this.#store) ?? new Map<string, Promise<unknown>>();
    turns.set(this.#store, waiting);
    const turn = (waiting.get(name) ?? Promise.resolve()).then(work, work);
    waiting.set(name, turn.catch(() => undefined));
    return turn;
  }

  #how(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
  }
}
