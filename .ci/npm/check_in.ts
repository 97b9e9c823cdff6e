// Answers a check-in with the types that openapi-typescript made of the app's document.
//
//     node check_in.js BASE_URL     the survivor's token in HOLDFAST_TOKEN

import createClient from "openapi-fetch";
import type { paths } from "./app.js";

const client = createClient<paths>({
  baseUrl: process.argv[2],
  headers: { authorization: `Bearer ${process.env.HOLDFAST_TOKEN}` },
});
const recorded_at = new Date().toISOString();
const answered = await client.POST("/app/v1/check-ins", {
  params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  body: { status: "safe", contact_since_last: "yes", recorded_at },
});
if (answered.data === undefined) {
  throw new Error(`${answered.response.status}: ${JSON.stringify(answered.error)}`);
}
// What a phone kept is typed as well: the same call, sent later.
const synced = await client.POST("/app/v1/sync", {
  params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  body: {
    items: [
      {
        idempotency_key: crypto.randomUUID(),
        method: "POST",
        path: "/app/v1/check-ins",
        body: { status: "safe", contact_since_last: "yes", recorded_at },
      },
    ],
  },
});
if (synced.data?.items[0]?.status !== 201) {
  throw new Error(`${synced.response.status}: ${JSON.stringify(synced)}`);
}
console.log("clients: a check-in in TypeScript, at once and later");
