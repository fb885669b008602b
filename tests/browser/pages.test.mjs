// Every page, on a phone and on a desk, in English and Arabic, light and dark: nothing that axe
// objects to, nothing wider than the screen, nothing from elsewhere, no word left untranslated.
//
// SHOTS=folder keeps a picture of each.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import axe from "axe-core";

import { DESK, PHONE, launch, overflow, person } from "./browser.mjs";
import { start, startWiki } from "./service.mjs";
import { messages } from "./words.mjs";

const ISSUER = "/desk/example-users-group";
const { en: english, ar: arabic } = messages;
/** What nobody should read on an Arabic page. */
const untranslated = new Set(Object.keys(english).filter((key) => english[key] !== arabic[key]).map((key) => english[key]));
// The service's own name, and a language's.
for (const name of ["Badges", "English"]) untranslated.delete(name);

let wiki;
let service;
let browser;
/** The owner's cookies, the sample's claim links by name, and the page of one of its badges. */
let owner;
let links;
let badge;

before(async () => {
  wiki = await startWiki({ 7: "Example_Volunteer", 8: "Example_Stranger", 9: "Example_Owner" });
  service = await start({ demo: true, wiki });
  browser = await launch();
  const { page, context, close } = await person(browser, service.url, { scripts: false });
  await page.goto(service.link);
  await page.locator("main form button").click();
  owner = await context.storageState();
  await page.goto(ISSUER);
  const workshop = await page.getByRole("link", { name: "First Articles at the Example Library" }).getAttribute("href");
  const csv = await (await context.request.get(`${service.url}${workshop}/links.csv`)).text();
  links = Object.fromEntries(
    csv.split("\n").map((line) => [line.split(",")[0].replaceAll('"', ""), line.match(/http[^",\s]+/)?.[0]]),
  );
  await page.goto(`${ISSUER}/awards`);
  await page.getByRole("link", { name: "Example Volunteer" }).first().click();
  badge = new URL(await page.locator("main a[href*='/badges/']").first().getAttribute("href"), service.url).pathname;
  await close();
});

after(async () => {
  await browser?.close();
  await service?.stop();
  wiki?.stop();
});

/** What a person did wrong, and was told. */
const MISTAKES = {
  "a form for an issuer": ["/desk/new", { name: "" }],
  "a form for an achievement": [`${ISSUER}/achievements/new`, { name: "", criteria: "" }],
  "a form for a workshop": [`${ISSUER}/workshops/new`, { title: "" }],
  "an invitation": [`${ISSUER}/members`, { name: "" }],
  "the settings": [`${ISSUER}/settings`, { name: "", url: "no address" }],
  "something to verify": ["/verify", { text: "This is no badge." }],
};

/** What the holder of an offer does with it; then where they are, and where the link leads. */
async function decide(name, what, choice = {}) {
  const [, claim] = links[name].match(/\/claim\/([^/]+)/);
  const answer = await fetch(`${service.url}/api/v1/claims/${claim}/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(choice),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return what === "accept" ? `/mine/${(await answer.json()).secret}` : undefined;
}

/** Pages that no link leads to: who opens them, and how. */
async function apart() {
  const strange = (path) => ["stranger", (page) => page.goto(path)];
  await decide("Пример", "decline");
  const held = await decide("例子", "accept", { visibility: "public", named: "user-name" });
  const withdrawn = await decide("उदाहरण स्वयंसेविका", "accept", { visibility: "unlisted", named: "nothing" });
  await fetch(`${service.url}/api/v1${withdrawn}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/merge-patch+json", "If-Match": "*" },
    body: JSON.stringify({ withdrawn: true }),
  });
  const pages = {
    "no page": strange("/nowhere"),
    "a desk for nobody": strange(ISSUER),
    "a link that was used": strange(service.link),
    "a claim link that is none": strange("/claim/AAAAAAAAAAAAAAAAAAAAAA"),
    "an offer": strange(links["Example Newcomer"]),
    "how to decline": strange(`${links["Example Newcomer"]}/decline`),
    "an offer that was declined": strange(links["Пример"]),
    "an offer that was accepted": strange(links["例子"]),
    "a badge of one's own": strange(held),
    "how to erase it": strange(`${held}/erase`),
    "a badge that was withdrawn": strange(withdrawn),
    "a badge inside another page": strange(`${badge}/embed`),
    "a problem's description": strange("/problems/not-found"),
  };
  const signed = await (await fetch(`${service.url}${badge}.json`)).text();
  const altered = signed.replace(/"narrative":\s*"/, "$&Really: ");
  assert.notEqual(signed, altered);
  pages["a genuine badge"] = ["stranger", (page) => send(page, "/verify", { text: signed })];
  pages["an altered badge"] = ["stranger", (page) => send(page, "/verify", { text: altered })];
  pages["several badges"] = ["stranger", (page) => files(page, { "genuine.json": signed, "altered.json": altered, "none.txt": "none" })];
  pages["a link for a new member"] = ["owner", (page) => send(page, `${ISSUER}/members`, { name: "Example Newcomer" })];
  pages["a new token"] = ["owner", (page) => send(page, "/me/tokens", { name: "Example program" })];
  pages["an account that is to be bound"] = ["owner", (page) => throughWiki(page, "/me/wikimedia", 9)];
  pages["an account without badges"] = ["stranger", (page) => throughWiki(page, "/sign-in/wikimedia", 8)];
  for (const [name, [path, values]] of Object.entries(MISTAKES)) {
    pages[`mistakes in ${name}`] = ["owner", (page) => send(page, path, values)];
  }
  return pages;
}

async function throughWiki(page, path, account) {
  await page.goto(path);
  await page.locator(`#account-${account}`).click();
  await page.waitForURL(`${service.url}/**`);
}

async function files(page, texts) {
  await page.goto("/verify");
  const all = Object.entries(texts).map(([name, text]) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) }));
  await page.locator("input[type=file]").first().setInputFiles(all);
  await page.locator("main form[method=post] button:not([type=button])").first().click();
  await page.waitForLoadState();
}

async function send(page, path, values) {
  await page.goto(path);
  const form = page.locator(`main form[method=post]`).filter({ has: page.locator(`[name=${Object.keys(values)[0]}]`) }).first();
  for (const [name, value] of Object.entries(values)) await form.locator(`[name=${name}]`).first().fill(value);
  await form.evaluate((form) => (form.noValidate = true));
  await form.locator("button:not([type=button])").first().click();
  await page.waitForLoadState();
}

/** Where links lead to from here, again and again. */
async function crawl(page, from) {
  const seen = new Set();
  const pages = [];
  const todo = [...from];
  while (todo.length) {
    const path = todo.shift();
    if (seen.has(path)) continue;
    seen.add(path);
    const answer = await page.context().request.get(service.url + path);
    // It may lead to the wiki.
    if (!answer.url().startsWith(service.url)) continue;
    if (!answer.headers()["content-type"]?.startsWith("text/html")) continue;
    assert.equal(answer.status(), 200, `a link leads to ${path}`);
    pages.push(path);
    const html = await answer.text();
    for (const [, link] of html.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)) {
      const url = new URL(link.replaceAll("&amp;", "&"), service.url + path);
      url.hash = "";
      url.searchParams.delete("uselang");
      if (url.origin === service.url) todo.push(url.pathname + url.search);
    }
  }
  return pages;
}

/** All that is wrong with what a window shows. */
async function faults(page, language) {
  const wrong = [];
  const found = await page.evaluate(() => {
    const lines = (element) => element.innerText.split("\n").map((line) => line.trim());
    // What says of itself that it is in another language.
    const foreign = [...document.querySelectorAll("body [lang]")].filter((element) => element.lang !== document.documentElement.lang);
    const excused = new Set(foreign.flatMap(lines));
    return {
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    lines: lines(document.body).filter((line) => !excused.has(line)),
    labels: [...document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")].flatMap((element) =>
      ["aria-label", "placeholder", "title", "alt"].map((name) => element.getAttribute(name)?.trim()).filter(Boolean),
    ),
    broken: [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) => image.src),
    };
  });
  const expected = { en: "ltr", ar: "rtl" }[language];
  if (found.lang !== language || found.dir !== expected) wrong.push(`lang=${found.lang} dir=${found.dir}`);
  if (!found.title) wrong.push("it has no title");
  if (found.headings !== 1) wrong.push(`it has ${found.headings} first headings`);
  if (found.broken.length) wrong.push(`images are broken: ${found.broken}`);
  for (const text of [...found.lines, ...found.labels, found.title]) {
    if (language !== "en" && untranslated.has(text)) wrong.push(`it says in English: ${text}`);
    const key = text.match(/\bbadges-[a-z0-9-]+/)?.[0];
    if (key && key in english) wrong.push(`it shows the key ${key}`);
  }
  return wrong;
}

async function objections(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.split("\n").slice(1).join(" ")}`),
  );
}

/** Every other page is looked at by night in English, and by day in Arabic. */
let looks = 0;

async function look(who, name, go) {
  const wrong = [];
  const day = looks++ % 2 ? "dark" : "light";
  for (const [language, colorScheme] of [["en", day], ["ar", day === "light" ? "dark" : "light"]]) {
    const state = who === "owner" ? { storageState: owner } : {};
    const { page, context, check, close } = await person(browser, service.url, { language, colorScheme, also: wiki.url, ...state });
    const note = (fault) => wrong.push(`${language}: ${fault}`);
    await go(page);
    for (const screen of [DESK, PHONE]) {
      await page.setViewportSize(screen);
      (await objections(page)).forEach((fault) => note(`at ${screen.width}: ${fault}`));
      for (const element of await overflow(page)) note(`at ${screen.width} it is too wide: ${element}`);
      if (process.env.SHOTS) {
        mkdirSync(process.env.SHOTS, { recursive: true });
        const file = `${who}-${name.replace(/[^A-Za-z0-9]+/g, "-")}-${language}-${screen.width}.png`;
        await page.screenshot({ path: join(process.env.SHOTS, file), fullPage: true });
      }
    }
    (await faults(page, language)).forEach(note);
    try {
      check();
    } catch (error) {
      note(error.message);
    }
    await close();
  }
  return wrong;
}

/** Looks at all of them, some at a time, and fails with all that was found. */
async function all(places) {
  const found = {};
  const todo = [...places];
  const work = async () => {
    for (let place = todo.shift(); place; place = todo.shift()) {
      const wrong = await look(...place).catch((error) => [error.stack]);
      if (wrong.length) found[place[1]] = wrong;
    }
  };
  await Promise.all([work(), work(), work()]);
  assert.deepEqual(found, {});
}

describe("every page", { timeout: 600_000 }, () => {
  test("that links lead a stranger to", async () => {
    const { page, close } = await person(browser, service.url);
    const paths = await crawl(page, ["/", badge]);
    await close();
    assert.ok(paths.length > 10, `${paths}`);
    await all(paths.map((path) => ["stranger", path, (page) => page.goto(path)]));
  });

  test("that links lead an owner to", async () => {
    const { page, close } = await person(browser, service.url, { storageState: owner });
    const paths = (await crawl(page, ["/desk"])).filter((path) => /^\/(desk|me|people)\b/.test(path));
    await close();
    assert.ok(paths.length > 50, `${paths}`);
    await all(paths.map((path) => ["owner", path, (page) => page.goto(path)]));
  });

  test("apart from those", async () => {
    await all(Object.entries(await apart()).map(([name, [who, go]]) => [who, name, go]));
  });
});
