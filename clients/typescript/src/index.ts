// What an app imports. Node's store is in file-store.ts, apart, since no browser has a disk.

export type { Fetch, Problem, Schemas } from "./answers.js";
export { type Clock, systemClock } from "./clock.js";
export type { components, paths } from "./contract.js";
export { IndexedDbStore } from "./indexed-db-store.js";
export type { CheckIn, NewTimer, Press, Report, ShownItem } from "./items.js";
export { type Look, manifest, NEUTRAL, NOT_SENT } from "./look.js";
export type { Outbox } from "./outbox.js";
export { Phone, type PhoneSettings, type Pressed } from "./phone.js";
export { noticeOf, subscribe } from "./push.js";
export type { Store } from "./store.js";
