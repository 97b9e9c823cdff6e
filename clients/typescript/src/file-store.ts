// A store in a folder, for Node and Electron: a file for each value, which is written next to it, flushed and renamed.

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "./store.js";

const KEY = "key";
const NEW = ".new";

/** A store in a folder. Its key is a file that only its owner reads: where the system has a keychain, put the key there. */
export class FileStore implements Store {
  readonly #folder: string;
  readonly #step: (name: string) => void;

  private constructor(folder: string, step: (name: string) => void) {
    this.#folder = folder;
    this.#step = step;
  }

  /** Opens the folder, and makes it where it is not there. `step` is called within each write, for tests that end there. */
  static async open(folder: string, step: (name: string) => void = () => {}): Promise<FileStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // What a write that was cut short has left.
    const left = (await readdir(folder)).filter((name) => name.endsWith(NEW));
    await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
    return new FileStore(folder, step);
  }

  async key(): Promise<CryptoKey> {
    let raw = await this.#file(KEY);
    if (raw === undefined) {
      raw = new Uint8Array(randomBytes(32));
      await this.#replace(KEY, raw);
    }
    return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#file(fileOf(name));
  }

  put(name: string, value: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#replace(fileOf(name), value);
  }

  async delete(name: string): Promise<void> {
    await rm(join(this.#folder, fileOf(name)), { force: true });
    await this.#flush();
  }

  async names(): Promise<string[]> {
    const files = (await readdir(this.#folder)).filter((file) => file.endsWith(".value"));
    return files.map((file) => decodeURIComponent(file.slice(0, -".value".length)));
  }

  async #file(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return new Uint8Array(await readFile(join(this.#folder, file)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async #replace(file: string, value: Uint8Array): Promise<void> {
    const path = join(this.#folder, file);
    const fresh = `${path}-${randomBytes(6).toString("hex")}${NEW}`;
    const opened = await open(fresh, "wx", 0o600);
    try {
      await opened.writeFile(value);
      this.#step("written");
      await opened.sync();
    } finally {
      await opened.close();
    }
    this.#step("flushed");
    await rename(fresh, path);
    this.#step("renamed");
    await this.#flush();
  }

  /** Without it a rename may be forgotten when the power fails. */
  async #flush(): Promise<void> {
    const folder = await open(this.#folder);
    await folder.sync().finally(() => folder.close());
  }
}

function fileOf(name: string): string {
  return `${encodeURIComponent(name)}.value`;
}
