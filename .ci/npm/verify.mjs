// Verifies the deliveries that .ci/receiver.py wrote down, with the official Standard Webhooks library of npm.
//
//     node verify.mjs FOLDER     fails unless there is one at least, and every one verifies, and none that was changed

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";

const folder = process.argv[2];
const webhook = new Webhook(readFileSync(join(folder, "secret"), "utf8").trim());
const lines = readFileSync(join(folder, "raw"), "utf8").trim().split("\n");

for (const line of lines) {
  const { headers, body } = JSON.parse(line);
  const bytes = Buffer.from(body, "base64").toString("utf8");
  const message = webhook.verify(bytes, headers);
  if (message.type === undefined) {
    throw new Error(`no type in ${headers["webhook-id"]}`);
  }
  let refused = false;
  try {
    webhook.verify(`${bytes} `, headers);
  } catch {
    refused = true;
  }
  if (!refused) {
    throw new Error(`a changed body was taken for ${headers["webhook-id"]}`);
  }
}
console.log(`webhook: ${lines.length} deliveries verified by standardwebhooks of npm`);
