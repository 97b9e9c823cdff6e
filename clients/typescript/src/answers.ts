// How calls are made and what an answer means for what was sent: it is done, it is tried again, or a person has to look at it.

import createClient, { type Client } from "openapi-fetch";
import { retryAfter } from "./clock.js";
import type { components, paths } from "./contract.js";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type Fetch = (request: Request) => Promise<Response>;

/** Waits no longer for an answer; a call may be made again, so that a hanging network holds nothing for long. */
const CALL_MILLISECONDS = 30_000;

/** The calls of the contract at one address, before anybody is signed in. */
export interface Wire {
  base: string;
  fetch: Fetch;
  calls: Client<paths>;
}

export function wire(base: string, fetch: Fetch): Wire {
  const plain = base.replace(/\/+$/, "");
  return { base: plain, fetch, calls: createClient<paths>({ baseUrl: plain, fetch }) };
}

/** One call of an item. Rejects where no answer came. */
export function call(
  wire: Wire,
  method: string,
  path: string,
  token: string,
  headers: Record<string, string>,
  body?: BodyInit,
  milliseconds = CALL_MILLISECONDS,
): Promise<Response> {
  const request = new Request(wire.base + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: AbortSignal.timeout(milliseconds),
    ...(body === undefined ? {} : { body }),
  });
  return wire.fetch(request);
}

/** What an answer means. */
export type Verdict =
  | { kind: "done"; answer: unknown }
  /** Nobody knows whether it arrived, or the server asked for patience: once more, with the same key. */
  | { kind: "later"; after?: number | undefined; isFault: boolean }
  /** The credential is not taken. */
  | { kind: "refused" }
  /** It will never be taken as it is. */
  | { kind: "final"; problem: Problem };

const LATER = new Set([408, 423, 425, 429, 460, 500, 502, 503, 504]);
/** Refusals that end by themselves. */
const LATER_CODES = new Set(["in_flight", "phone_not_confirmed", "offset_mismatch"]);

/**
 * Judges a status and a body; `after` is what the answer asked for. Only what the service itself says counts: a page that a
 * network or a proxy puts in its place is no answer, whatever its status.
 */
export function judged(status: number, body: unknown, after?: number): Verdict {
  const said = typeof body === "object" && body !== null ? (body as Partial<Problem>) : undefined;
  if (said !== undefined && status >= 200 && status < 300) return { kind: "done", answer: body };
  // It was done more than a week ago, and its answer is kept no longer.
  if (said?.code === "already_done") return { kind: "done", answer: undefined };
  if (said?.code === undefined) return { kind: "later", after, isFault: status === 413 };
  if (status === 401) return { kind: "refused" };
  if (LATER.has(status) || status > 504 || LATER_CODES.has(said.code)) {
    return { kind: "later", after, isFault: status === 500 };
  }
  return { kind: "final", problem: said as Problem };
}

/** Judges an answer, or that there was none. */
export async function verdict(answering: Promise<Response>, now: number): Promise<Verdict> {
  try {
    const response = await answering;
    const text = await response.text();
    return judged(response.status, parsed(text), retryAfter(response.headers.get("retry-after"), now));
  } catch {
    return { kind: "later", isFault: false };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
