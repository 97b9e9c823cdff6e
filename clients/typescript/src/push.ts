// Notices by Web Push. A notice says that there is something, never what; the app looks for itself once it is open.

import type { Schemas } from "./answers.js";
import type { Look } from "./look.js";

/** Subscribes this browser. `vapidKey` is the public key of the installation, in base64url. */
export async function subscribe(
  registration: ServiceWorkerRegistration,
  vapidKey: string,
): Promise<Schemas["PushRequest"]> {
  const options = { userVisibleOnly: true, applicationServerKey: vapidKey };
  const { endpoint, keys } = (await registration.pushManager.subscribe(options)).toJSON();
  return {
    kind: "web_push",
    subscription: { endpoint: endpoint ?? "", keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" } },
  };
}

/** What a service worker shows of a message: one notice, which takes the place of the one before, so that none can be counted. */
export function noticeOf(data: unknown, look: Look): { title: string; options: NotificationOptions } {
  const said = (typeof data === "object" && data !== null ? data : {}) as { text?: unknown };
  const body = look.notice ?? (typeof said.text === "string" ? said.text : "");
  const icon = Object.values(look.icons)[0];
  return { title: look.name, options: { body, tag: "notice", ...(icon === undefined ? {} : { icon }) } };
}
