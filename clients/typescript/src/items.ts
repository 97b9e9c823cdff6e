// What the outbox holds: calls that were made up once, with the key that makes a repeat harmless, and files.

import type { Problem, Schemas } from "./answers.js";

/** The doors that a kept call goes to. */
export type What = "help_now" | "check_in" | "incident" | "timer" | "timer_extension" | "timer_end" | "file";

/**
 * What waits for what. A cry for help waits for nothing; words go in the order in which they were recorded; files go last,
 * since each may need the id of its report, and a large one must not hold up a word.
 */
export type Lane = "cry" | "word" | "file";

/** A file of the outbox. Its bytes are stored in pieces, and sent in the same. */
export interface FileFacts {
  media_type: string;
  bytes: number;
  /** Hexadecimal digits. */
  sha256: string;
  piece_bytes: number;
  /** What the phone calls it, for the survivor alone. */
  name?: string;
  /** The item of the report that it belongs to. */
  report?: string;
  /** The incident that it belongs to, where that is known already. */
  incident_id?: string;
  /** The key of the upload: another one where an upload was given up by the server. */
  key: string;
  /** Where it is sent. */
  url?: string;
  restarts: number;
}

/** An item as it is stored. */
export interface Item {
  /** The `Idempotency-Key` too. */
  id: string;
  seq: number;
  what: What;
  lane: Lane;
  path: string;
  body: Record<string, unknown>;
  recorded_at: string;
  /** The session in which it was recorded; none where the phone was locked. */
  session?: string;
  view?: string;
  state: "waiting" | "sent" | "aside";
  /** How often the server failed over it. */
  faults: number;
  file?: FileFacts;
  answer?: unknown;
  problem?: Problem;
  settled_at?: number;
}

/** What an app may show of an item. */
export interface ShownItem {
  id: string;
  what: What;
  recorded_at: string;
  state: Item["state"];
  answer?: unknown;
  problem?: Problem;
}

export type CheckIn = Omit<Schemas["CreateCheckInRequest"], "recorded_at">;
export type Report = Omit<Schemas["IncidentRequest"], "recorded_at">;
export type Press = Omit<Schemas["HelpNowRequest"], "recorded_at">;
export type NewTimer = Omit<Schemas["CreateTimerRequest"], "recorded_at" | "id">;

export const itemName = (id: string) => `item/${id}`;
export const pieceName = (id: string, at: number) => `piece/${id}/${String(at).padStart(6, "0")}`;

/** Whether it is a cry for help. */
export function laneOf(what: What, body: Record<string, unknown>): Lane {
  if (what === "file") return "file";
  return what === "help_now" || body.status === "help_now" || body.happening_now === true ? "cry" : "word";
}

/** Whether the phone's SOS token may say it, which needs no session. */
export function isForSos(item: Item): boolean {
  return item.what === "help_now" || (item.what === "check_in" && item.body.status !== "safe");
}

export function shown({ id, what, recorded_at, state, answer, problem }: Item): ShownItem {
  return {
    id,
    what,
    recorded_at,
    state,
    ...(answer === undefined ? {} : { answer }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The id in an answer, where it has one. */
export function idIn(answer: unknown): string | undefined {
  const id = (answer as { id?: unknown } | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}
