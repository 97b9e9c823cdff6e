// The store of a browser: one database with values and the key, which cannot be taken out of it.

import type { Store } from "./store.js";

const VALUES = "values";
const KEYS = "keys";
const THE_KEY = "key";

/** A store in IndexedDB. The name of the database is seen by anybody who looks: choose a neutral one. */
export class IndexedDbStore implements Store {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(name: string): Promise<IndexedDbStore> {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(VALUES);
      opening.result.createObjectStore(KEYS);
    };
    // Without it a browser may clear the store when space runs out; it may say no, and nobody is asked.
    await globalThis.navigator?.storage?.persist?.().catch(() => false);
    return new IndexedDbStore(await asked(opening));
  }

  async key(): Promise<CryptoKey> {
    const found = await asked<CryptoKey | undefined>(this.#read(KEYS).get(THE_KEY));
    if (found !== undefined) return found;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Where another tab was faster, its key counts.
    await this.#write(KEYS, (keys) => keys.add(made, THE_KEY)).catch(() => undefined);
    return asked<CryptoKey>(this.#read(KEYS).get(THE_KEY));
  }

  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return asked<Uint8Array<ArrayBuffer> | undefined>(this.#read(VALUES).get(name));
  }

  put(name: string, value: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#write(VALUES, (values) => values.put(value, name));
  }

  delete(name: string): Promise<void> {
    return this.#write(VALUES, (values) => values.delete(name));
  }

  async names(): Promise<string[]> {
    return (await asked(this.#read(VALUES).getAllKeys())) as string[];
  }

  #read(store: string): IDBObjectStore {
    return this.#database.transaction(store).objectStore(store);
  }

  #write(store: string, act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(store, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      act(transaction.objectStore(store));
    });
  }
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
