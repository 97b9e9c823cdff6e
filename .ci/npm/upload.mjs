// Uploads evidence with tus-js-client, the reference client of tus in JavaScript: breaks off in the middle of a piece,
// resumes, and is refused a changed byte.
//
//     node upload.mjs BASE_URL      a survivor's access token in HOLDFAST_TOKEN

import { createHash, randomUUID } from "node:crypto";
import { Upload } from "tus-js-client";

const base = process.argv[2];
const bearer = { Authorization: `Bearer ${process.env.HOLDFAST_TOKEN}` };
const film = Buffer.alloc(3_000_000, "film");
// An ISO base media file, as far as its beginning tells.
film.write("\0\0\0\x18ftypisom\0\0\x02\0isomavc1", 0, "latin1");

function options(more) {
  return {
    endpoint: `${base}/app/v1/evidence/uploads`,
    // Every POST by which a phone creates something carries a key; a tus client sends it as a plain header.
    headers: { ...bearer, "Idempotency-Key": randomUUID() },
    metadata: {
      filename: "film.mp4",
      filetype: "video/mp4",
      sha256: createHash("sha256").update(film).digest("hex"),
    },
    chunkSize: 1_200_000,
    retryDelays: null,
    ...more,
  };
}

function assert(holds, what) {
  if (!holds) throw new Error(`upload: ${what}`);
}

// Sends until so much has been answered for, then breaks off; answers where the upload is.
function breaksOff() {
  return new Promise((resolve, reject) => {
    const upload = new Upload(
      film,
      options({
        onError: reject,
        onSuccess: () => reject(new Error("upload: it was not broken off")),
        onChunkComplete: async () => {
          await upload.abort();
          resolve(upload.url);
        },
      }),
    );
    upload.start();
  });
}

function sends(bytes, more) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, options({ ...more, onError: reject, onSuccess: () => resolve(upload.url) }));
    upload.start();
  });
}

async function get(path) {
  const answer = await fetch(base + path, { headers: bearer });
  assert(answer.ok, `${path} answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

const url = await breaksOff();
const id = url.split("/").at(-1);
const half = JSON.parse(await get(`/app/v1/evidence/${id}`));
assert(half.state === "uploading" && half.received > 0 && half.received < film.length, JSON.stringify(half));
await sends(film, { uploadUrl: url });
const kept = JSON.parse(await get(`/app/v1/evidence/${id}`));
assert(kept.state === "kept", JSON.stringify(kept));
assert(film.equals(await get(`/app/v1/evidence/${id}/content`)), "what was read back is not what was sent");

const changed = Buffer.from(film);
changed[2_345_678] ^= 1;
let refused;
try {
  await sends(changed);
} catch (error) {
  refused = error;
}
assert(refused?.originalResponse?.getStatus() === 422, `a changed byte was not refused: ${refused}`);
assert(refused.originalResponse.getBody().includes("hash_mismatch"), refused.originalResponse.getBody());

// Given up, it is gone.
const given = await breaksOff();
await Upload.terminate(given, options({}));
const gone = await fetch(given, { method: "HEAD", headers: { ...bearer, "Tus-Resumable": "1.0.0" } });
assert(gone.status === 410, `an upload that was given up answered ${gone.status}`);
console.log("upload: tus-js-client broke off, resumed and read back; a changed byte was refused");
