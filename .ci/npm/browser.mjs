// The portal in a real browser: what staff do on a Monday and at two in the morning, with scripts and without; and every page
// against WCAG 2.2 AA, at 320 px, in Welsh, without colours and without motion.
//
//   node browser.mjs STATE OUT DEMO     STATE: bootstrap.py's, of a server that asks for a second factor and has a test clock;
//                                       OUT: a folder for pictures; DEMO: what the demo printed
//
// CHROMIUM names the browser (default: Debian's). Everything that is wrong is collected, and said at the end.

import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const [statePath, out, demoPath] = process.argv.slice(2);
const state = JSON.parse(readFileSync(statePath, "utf8"));
const demo = readFileSync(demoPath, "utf8");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const MOST_BYTES = 60_000;
const MOST_CLICKS = 3;
const WIDE = { width: 1100, height: 800 };
// 320 px is also what 400 % leaves of 1,280.
const NARROW = { width: 320, height: 640 };

mkdirSync(out, { recursive: true });
const faults = [];
const seen = { pages: 0, pictures: 0, bytes: 0 };
const fault = (where, what) => { faults.push(`${where}: ${what}`); };
const check = (is, where, what) => { if (!is) fault(where, what); };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--no-proxy-server"],
});

// --- the API beside the browser ---------------------------------------------------------------------------------------

async function call(base, method, path, token, body) {
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(base + path, { method, headers, body: method === "GET" ? undefined : JSON.stringify(body ?? {}) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : null;
}

// The server's time: what was skipped, and the machine's.
let skipped = 0;
async function skip(base, seconds) {
  await call(base, "POST", "/test/v1/clock/advance", null, { seconds });
  skipped += seconds;
}
const now = () => new Date(Date.now() + skipped * 1000).toISOString();

function base32(letters) {
  let bits = "";
  for (const letter of letters.replace(/[\s=]/g, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// RFC 6238, with the usual 30 seconds, SHA-1 and six digits.
function oneTimeCode(secret) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + skipped) / 30)));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// --- looking at pages -------------------------------------------------------------------------------------------------

async function open(base, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.on("request", (request) => {
    if (!request.url().startsWith(`${base}/`) && !request.url().startsWith("data:")) fault(page.url(), `asks ${request.url()}`);
  });
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) fault(page.url(), message.text());
  });
  page.on("pageerror", (error) => fault(page.url(), `a script failed: ${error}`));
  return page;
}

async function picture(page, name) {
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  seen.pictures += 1;
}

const overflows = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

// One page in one state: its rules, its heading, its size; then narrow.
async function look(page, name) {
  seen.pages += 1;
  await picture(page, name);
  const headings = await page.locator("h1").count();
  check(headings === 1, name, `has ${headings} h1`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags }), RULES);
  for (const { id, nodes } of violations) {
    fault(name, `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }
  check(!await overflows(page), name, "scrolls sideways");
  await page.setViewportSize(NARROW);
  check(!await overflows(page), name, "scrolls sideways at 320 px");
  await picture(page, `${name}.320`);
  await page.setViewportSize(WIDE);
}

// What a page weighs once it is compressed, with everything that it asks for.
async function weigh(base, name, path, page) {
  const fresh = await page.context().newPage();
  const bodies = [];
  fresh.on("response", (answer) => bodies.push(answer.body().catch(() => null)));
  await fresh.goto(base + path, { waitUntil: "load" });
  const known = (await Promise.all(bodies)).filter(Boolean);
  const bytes = known.reduce((sum, body) => sum + gzipSync(body).length, 0);
  seen.bytes = Math.max(seen.bytes, bytes);
  check(bytes <= MOST_BYTES, name, `weighs ${bytes} bytes`);
  await fresh.close();
}

// --- signing in ---------------------------------------------------------------------------------------------------------

const secrets = {};

async function signIn(base, page, { username, password }) {
  await page.goto(`${base}/portal/sign-in`);
  await page.fill("[name=username]", username);
  await page.fill("[name=password]", password);
  await follow(page.locator("main button"));
  if (page.url().endsWith("/portal")) return;
  if (!secrets[username]) {
    // The first time: an authenticator app is set up.
    await follow(page.locator("main button"));
    secrets[username] = await page.locator(".govuk-inset-text strong").innerText();
    if (username === "advocate") await look(page, "second-factor-enrol");
  } else {
    // A code is good once.
    await skip(base, 30);
  }
  await page.fill("[name=one_time_code]", oneTimeCode(secrets[username]));
  await follow(page.locator("main button"));
  check(page.url() === `${base}/portal`, "sign-in", `${username} is at ${page.url()}`);
}

// --- the main job, with scripts and without -----------------------------------------------------------------------------

let clicks = 0;
// A click on what opens within the page.
async function click(where) {
  clicks += 1;
  await where.click();
}

// A click that leads to another page, or sends a form.
async function follow(where) {
  const there = where.page().waitForNavigation({ waitUntil: "load" });
  await click(where);
  await there;
}

async function fromWorklist(base, page, name, work) {
  await page.goto(`${base}/portal`);
  clicks = 0;
  await work();
  check(clicks <= MOST_CLICKS, name, `takes ${clicks} clicks`);
}

async function emergency(base, page, js, sos) {
  const raised = await call(base, "POST", "/app/v1/help-now", sos, { recorded_at: now() });
  const link = page.locator(`main a[href$="/${raised.alert.reference}"]`).first();
  if (js) {
    await link.waitFor({ timeout: 5_000 }).catch(() => fault("worklist", "an emergency does not appear by itself within five seconds"));
  } else {
    check(await link.count() === 0, "worklist", "changes without a script");
    await page.reload();
    check(await link.count() === 1, "worklist", "does not show an emergency after a reload");
  }
  return raised.alert;
}

async function mainJob(base, js) {
  const name = (step) => `${step}${js ? "" : ".no-js"}`;
  const page = await open(base, { javaScriptEnabled: js });
  const sos = state.device.sos_token;
  await signIn(base, page, state.staff.advocate);
  await page.waitForTimeout(js ? 500 : 0);
  const alert = await emergency(base, page, js, sos);
  await picture(page, name("worklist-emergency"));
  await fromWorklist(base, page, name("acknowledge"), async () => {
    await follow(page.locator(`main a[href$="/${alert.reference}"]`).first());
    await picture(page, name("alert-emergency"));
    await page.locator("form[action$='/acknowledge'] [name=note]").fill("I am ringing them now.");
    await follow(page.getByRole("button", { name: "Acknowledge", exact: true }));
    check((await page.locator("#standing").innerText()).includes("Somebody has taken it up"), name("acknowledge"), "is not shown");
  });
  await fromWorklist(base, page, name("case"), async () => {
    await follow(page.locator("main a[href^='/portal/cases/']").first());
    check(await page.locator("svg.hf-axis").count() === 1, name("case"), "has no time axis");
  });
  await closed(base, page, alert, name);
  await overridden(base, js, name);
  await close(page);
  await practice(base, js, name);
}

async function close(page) {
  await page.context().close();
}

// A survivor with a phone, who has not switched on that police are told.
async function enrolled(base, name) {
  const token = await tokenOf(base, "advocate");
  const survivor = { preferred_name: name, home_force_id: "south-yorkshire" };
  const { id } = await call(base, "POST", "/partner/v1/survivors", token, survivor);
  const { code } = await call(base, "POST", `/partner/v1/survivors/${id}/enrolment-codes`, token, {});
  return { id, phone: await call(base, "POST", "/app/v1/enrol", null, { code, pin: "739164", device_name: "Phone" }) };
}

// An advocate asks for the police all the same; a supervisor approves on the page of the alert.
async function overridden(base, js, name) {
  const survivor = await enrolled(base, `Overridden ${js}`);
  const { alert } = await call(base, "POST", "/app/v1/help-now", survivor.phone.sos_token, { recorded_at: now() });
  await call(base, "POST", "/partner/v1/overrides", await tokenOf(base, "advocate"), {
    survivor_id: survivor.id, alert_id: alert.id, basis: "vital_interests", necessity: "Nobody answers.", what: ["alert"],
    recipient_organisation_id: state.ids.organisations.police_force, is_imminent: false,
  });
  const page = await open(base, { javaScriptEnabled: js });
  await signIn(base, page, state.staff.support_supervisor);
  await fromWorklist(base, page, name("override"), async () => {
    await follow(page.locator(`main a[href$="/${alert.reference}"]`).first());
    await picture(page, name("alert-override"));
    await follow(page.locator("form[action$='/approve'] button"));
    check(await page.locator("form[action$='/approve']").count() === 0, name("override"), "is still asked for");
  });
  await close(page);
}

async function closed(base, page, alert, name) {
  await fromWorklist(base, page, name("stand-down"), async () => {
    await follow(page.locator(`main a[href$="/${alert.reference}"]`).first());
    const form = page.locator("form[action$='/stand-down']");
    await click(page.locator("details", { has: form }).locator("summary"));
    for (const field of await form.locator("textarea").all()) await field.fill("They pressed by mistake, and said so.");
    for (const field of await form.locator("input[name=code_word]").all()) await field.fill("marigold");
    for (const field of await form.locator("input[type=checkbox]").all()) await field.check();
    await follow(form.locator("button"));
    check(await page.locator("form[action$='/stand-down']").count() === 0, name("stand-down"), (await page.locator("main").innerText()).slice(0, 600));
  });
}

// The programme's side: a score, a session, and the participant in the room.
async function practice(base, js, name) {
  const page = await open(base, { javaScriptEnabled: js });
  await signIn(base, page, state.staff.practitioner);
  await call(base, "POST", `/partner/v1/participants/${state.ids.participant}/sessions`, await tokenOf(base, "practitioner"), {
    number: js ? 2 : 3, module: "mindfulness", planned_at: now(), mode: "in_person",
  });
  const toCase = () => follow(page.locator("main a[href^='/portal/cases/']").first());
  const unfold = async (form) => {
    const folded = page.locator("details", { has: form });
    await click(folded.locator("summary").first());
  };
  await fromWorklist(base, page, name("score"), async () => {
    await toCase();
    const form = page.locator("form[action$='/reviews']").first();
    await unfold(form);
    await form.locator("[name=score]").selectOption("1");
    await form.locator("[name=note]").fill("The diary agrees.");
    await form.locator("[name=reviewed_on]").fill(now().slice(0, 10));
    await follow(form.locator("button"));
    check((await page.locator("main").innerText()).includes("Latest score +1"), name("score"), "is not shown");
  });
  await fromWorklist(base, page, name("session"), async () => {
    await toCase();
    const form = page.locator("form[action$='/attendance']").first();
    await unfold(form);
    await form.locator("[name=attendance]").selectOption("attended");
    await follow(form.locator("button"));
    check(/came on time/.test(await page.locator("main").textContent()), name("session"), "is not shown");
  });
  await fromWorklist(base, page, name("in-session"), async () => {
    await toCase();
    await follow(page.locator("form[action$='/in-session'] button"));
    const text = await page.locator("main").innerText();
    check(!/survivor|check-in|incident/i.test(text), name("in-session"), "names the survivor's side");
    await picture(page, name("in-session"));
    if (js) await look(page, "in-session");
    const end = page.locator("form[action$='/in-session/end']");
    await page.locator("details", { has: end }).locator("summary").click();
    await skip(base, 30);
    await end.locator("[name=password]").fill(state.staff.practitioner.password);
    await end.locator("[name=one_time_code]").fill(oneTimeCode(secrets.practitioner));
    await follow(end.locator("button"));
    check(/survivor/i.test(await page.locator("main").innerText()), name("in-session"), "does not end");
  });
  await close(page);
}

const tokens = {};
async function tokenOf(base, who) {
  if (tokens[who]) return tokens[who];
  await skip(base, 30);
  const { username, password } = state.staff[who];
  const body = { username, password, one_time_code: oneTimeCode(secrets[username]) };
  tokens[who] = (await call(base, "POST", "/partner/v1/session", null, body)).access_token;
  return tokens[who];
}

// Signing in and taking an emergency up with the keyboard alone.
async function byKeyboard(base, credentials) {
  const page = await open(base);
  await page.goto(`${base}/portal/sign-in`);
  const reach = async (selector) => {
    for (let presses = 0; presses < 200; presses += 1) {
      await page.keyboard.press("Tab");
      const is = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
      if (is) {
        const shows = await page.evaluate(() => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== "none" || style.boxShadow !== "none" || style.backgroundColor !== "rgba(0, 0, 0, 0)";
        });
        return check(shows, "keyboard", `${selector} does not show that it has the focus`);
      }
    }
    return fault("keyboard", `${selector} is not reached`);
  };
  await reach("[name=username]");
  await page.keyboard.type(credentials.username);
  await reach("[name=password]");
  await page.keyboard.type(credentials.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${base}/portal`);
  await reach("main a[href^='/portal/alerts/']");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/portal\/alerts\//);
  await reach("form[action$='/acknowledge'] [name=note]");
  await page.keyboard.type("Mine.");
  await reach("form[action$='/acknowledge'] button");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#standing")?.innerText.includes("Somebody has taken it up"), null, { timeout: 5_000 })
    .catch(() => fault("keyboard", "the emergency is not taken up"));
  await close(page);
}

// --- every page in every state -----------------------------------------------------------------------------------------

async function states() {
  const base = demo.match(/listening on (http:\S+)/)[1];
  const password = demo.match(/sign in with the password ([\w-]+)/)[1];
  const sos = demo.match(/Bearer (sos_[\w-]+)/)[1];
  const signed = async (username, options) => {
    const page = await open(base, options);
    await signIn(base, page, { username, password });
    return page;
  };
  const visit = async (page, path, name) => {
    await page.goto(base + path);
    await look(page, name);
  };
  const stranger = await open(base);
  await visit(stranger, "/portal/sign-in", "sign-in");
  await stranger.fill("[name=username]", "asha");
  await stranger.fill("[name=password]", "not the password");
  await follow(stranger.locator("main button"));
  await look(stranger, "sign-in.error");
  await visit(stranger, "/portal/set-up", "set-up");
  await follow(stranger.locator("main button"));
  await look(stranger, "set-up.error");
  await close(stranger);

  const pages = { asha: "support", pat: "programme", kit: "nothing" };
  for (const [username, side] of Object.entries(pages)) {
    const page = await signed(username);
    await look(page, `worklist.${side}`);
    await visit(page, "/portal/nothing-here", `not-found.${side}`);
    await close(page);
  }
  await call(base, "POST", "/app/v1/help-now", sos, { recorded_at: new Date().toISOString() });
  await byKeyboard(base, { username: "joss", password });
  await call(base, "POST", "/test/v1/clock/advance", null, { seconds: 1 });
  for (const [username, side] of [["asha", "support"], ["pat", "programme"]]) {
    for (const [kind, options] of [["", {}], [".cy", { locale: "cy-GB" }], [".forced", { forcedColors: "active" }], [".still", { reducedMotion: "reduce" }]]) {
      const page = await signed(username, options);
      await look(page, `worklist.${side}.emergency${kind}`);
      const alert = await page.locator("main a[href^='/portal/alerts/']").first().getAttribute("href");
      await visit(page, alert, `alert.${side}.emergency${kind}`);
      await page.goto(`${base}/portal`);
      const cases = await page.locator("main a[href^='/portal/cases/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      await visit(page, cases.at(-1), `case.${side}${kind}`);
      if (kind === "") {
        await page.goto(base + cases.at(-1));
        for (const details of await page.locator("details > summary").all()) await details.click();
        await look(page, `case.${side}.unfolded`);
        for (const [what, path] of [["worklist", "/portal"], ["alert", alert], ["case", cases.at(-1)]]) await weigh(base, `${what}.${side}`, path, page);
        const form = page.locator("form[action$='/notes']");
        await follow(form.locator("button"));
        await look(page, `case.${side}.error`);
      }
      await close(page);
    }
  }
}

// An advocate's Monday: eight survivors, one of whom needs somebody, on one page.
async function monday(base) {
  for (let number = 2; number <= 8; number += 1) {
    const { phone } = await enrolled(base, `Survivor ${number}`);
    const answer = { status: number === 5 ? "concern" : "safe", recorded_at: now() };
    await call(base, "POST", "/app/v1/check-ins", phone.access_token, answer);
  }
  const page = await open(base);
  await signIn(base, page, state.staff.advocate);
  await page.waitForTimeout(500);
  await page.reload();
  const text = await page.locator("main").innerText();
  check(/Concern/.test(text), "monday", "who needs somebody is not on the worklist");
  await look(page, "monday");
  await close(page);
}

// ------------------------------------------------------------------------------------------------------------------------

try {
  for (const js of [true, false]) await mainJob(state.base_url, js);
  await monday(state.base_url);
  await states();
} catch (error) {
  fault("the run", error.stack ?? String(error));
} finally {
  await browser.close();
}
console.log(`browser: ${seen.pages} pages and states, ${seen.pictures} pictures in ${out}; the heaviest page weighs ${seen.bytes} bytes`);
for (const line of faults) console.error(`browser: ${line}`);
process.exit(faults.length === 0 ? 0 : 1);
