// A file, sent by tus 1.0: created once by its key, then piece by piece from wherever the server says that it is.

import { type Verdict, type Wire, call, judged, verdict } from "./answers.js";
import { type FileFacts, type Item, pieceName } from "./items.js";
import type { Vault } from "./store.js";

/** As large as a bad connection carries in a few seconds. */
export const PIECE_BYTES = 256 * 1024;
/** An upload that the server gave up (it keeps one for two days) is begun again so often. */
const MOST_RESTARTS = 3;
/** States of a file that has arrived, whatever became of it since. An upload that ended otherwise is begun again. */
const KEPT = new Set(["kept", "held", "locked", "sealed", "removing", "removed"]);
const TUS = { "tus-resumable": "1.0.0" };
const UPLOADS = "/app/v1/evidence/uploads";

/** What an upload needs from around it. */
export interface UploadTools {
  wire: Wire;
  vault: Vault;
  now(): number;
  /** Stores what has become of the item. */
  save(item: Item): Promise<void>;
}

/** Sends what is missing of a file, by one token. `incident` is the id of its report, where it has one. */
export async function upload(
  tools: UploadTools,
  item: Item,
  file: FileFacts,
  incident: string | undefined,
  token: string,
): Promise<Verdict> {
  let offset: number | undefined;
  if (file.url === undefined) {
    const created = await verdict(create(tools.wire, item, file, incident, token), tools.now());
    const id = created.kind === "done" ? (created.answer as { id?: string }).id : undefined;
    if (id === undefined) return created.kind === "done" ? later() : created;
    file = { ...file, url: `${UPLOADS}/${id}` };
    await tools.save({ ...item, file });
    offset = 0;
  }
  for (;;) {
    const from: number | Verdict = offset ?? (await standing(tools, item, file, token));
    if (typeof from !== "number") return from;
    if (from >= file.bytes) return ended(tools, file, token);
    const sent = await sendPiece(tools, item, file, from, token);
    if (typeof sent !== "number") return sent;
    offset = sent;
  }
}

function create(wire: Wire, item: Item, file: FileFacts, incident: string | undefined, token: string) {
  const said: Record<string, string | undefined> = {
    filetype: file.media_type,
    sha256: file.sha256,
    filename: file.name,
    incident_id: incident,
    recorded_at: item.recorded_at,
  };
  const pairs = Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return call(wire, "POST", UPLOADS, token, {
    ...TUS,
    "idempotency-key": file.key,
    "upload-length": String(file.bytes),
    "upload-metadata": pairs.map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`).join(","),
  });
}

/** How far the upload has come, by the server's word. */
async function standing(tools: UploadTools, item: Item, file: FileFacts, token: string): Promise<number | Verdict> {
  const response = await call(tools.wire, "HEAD", file.url ?? UPLOADS, token, TUS).catch(() => undefined);
  if (response === undefined) return later();
  if (response.status === 401) return { kind: "refused" };
  if (response.status === 404 || response.status === 410) return restart(tools, item, file);
  return offsetIn(response) ?? later();
}

async function sendPiece(
  tools: UploadTools,
  item: Item,
  file: FileFacts,
  from: number,
  token: string,
): Promise<number | Verdict> {
  const at = Math.floor(from / file.piece_bytes);
  const whole = await tools.vault.readBytes(pieceName(item.id, at));
  const piece = whole?.subarray(from - at * file.piece_bytes) ?? new Uint8Array();
  if (piece.length === 0) return later();
  const checksum = base64(new Uint8Array(await crypto.subtle.digest("SHA-256", piece)));
  const headers = {
    ...TUS,
    "content-type": "application/offset+octet-stream",
    "upload-offset": String(from),
    "upload-checksum": `sha256 ${checksum}`,
  };
  const response = await call(tools.wire, "PATCH", file.url ?? UPLOADS, token, headers, piece).catch(() => undefined);
  if (response === undefined) return later();
  if (response.status === 204) return offsetIn(response) ?? later();
  if (response.status === 404 || response.status === 410) return restart(tools, item, file);
  return verdict(Promise.resolve(response), tools.now());
}

/** All of it is there: it counts once the server says that it is kept. */
async function ended(tools: UploadTools, file: FileFacts, token: string): Promise<Verdict> {
  const id = (file.url ?? "").split("/").at(-1);
  const asked = () => verdict(call(tools.wire, "GET", `/app/v1/evidence/${id}`, token, {}), tools.now());
  let found = await asked();
  if (stateIn(found) === "uploading") {
    // The server had the last byte and ended before it had looked at the whole: an empty piece has it look.
    const headers = { ...TUS, "content-type": "application/offset+octet-stream", "upload-offset": String(file.bytes) };
    await call(tools.wire, "PATCH", file.url ?? UPLOADS, token, headers, new Uint8Array()).catch(() => undefined);
    found = await asked();
  }
  return found.kind !== "done" || KEPT.has(String(stateIn(found))) ? found : later();
}

function stateIn(found: Verdict): unknown {
  return found.kind === "done" ? (found.answer as { state?: unknown }).state : undefined;
}

async function restart(tools: UploadTools, item: Item, file: FileFacts): Promise<Verdict> {
  if (file.restarts >= MOST_RESTARTS) return judged(410, { code: "upload_gone", title: "The upload was given up", status: 410 });
  const { url: _, ...rest } = file;
  await tools.save({ ...item, file: { ...rest, key: crypto.randomUUID(), restarts: file.restarts + 1 } });
  return later(0);
}

function later(after?: number): Verdict {
  return { kind: "later", after, isFault: false };
}

function offsetIn(response: Response): number | undefined {
  const said = response.headers.get("upload-offset");
  return response.ok && said !== null && /^\d+$/.test(said) ? Number(said) : undefined;
}

export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
