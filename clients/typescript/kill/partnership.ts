// The advocate's side of a server that .ci/bootstrap.py has set up: makes survivors, and reads what staff see.
//
//     node partnership.js BASE_URL STATE     prints an enrolment code of a new survivor

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Tokens live ten minutes. */
const SIGNED_IN_MILLISECONDS = 300_000;

export class Partnership {
  readonly #base: string;
  readonly #credentials: unknown;
  #signedIn = { at: 0, token: "" };

  private constructor(base: string, credentials: unknown) {
    this.#base = base;
    this.#credentials = credentials;
  }

  static async at(base: string, stateFile: string): Promise<Partnership> {
    return new Partnership(base, JSON.parse(await readFile(stateFile, "utf8")).staff.advocate);
  }

  async newSurvivor(): Promise<{ survivor: string; code: string }> {
    const said = { preferred_name: "Sam", home_force_id: "south-yorkshire", risk_rating: "standard" };
    const { id } = await this.#call("POST", "/survivors", said);
    const { code } = await this.#call("POST", `/survivors/${id}/enrolment-codes`, {});
    return { survivor: id, code };
  }

  read(path: string): Promise<any> {
    return this.#call("GET", path);
  }

  async #call(method: string, path: string, body?: unknown): Promise<any> {
    if (path !== "/session" && Date.now() - this.#signedIn.at > SIGNED_IN_MILLISECONDS) {
      const { access_token: token } = await this.#call("POST", "/session", this.#credentials);
      this.#signedIn = { at: Date.now(), token };
    }
    const answer = await fetch(`${this.#base}/partner/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#signedIn.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [base = "", stateFile = ""] = process.argv.slice(2);
  console.log((await (await Partnership.at(base, stateFile)).newSurvivor()).code);
}
