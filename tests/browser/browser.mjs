// Debian's Chromium, and what must hold on every page that a person sees.

import assert from "node:assert/strict";

import { chromium } from "playwright-core";

/** A phone and a desk. */
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 900 };

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      // Root, as in containers, has no sandbox.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync"],
    ],
  });
}

/**
 * A person with a browser of their own. `person.page` is their window; `person.check()` fails with
 * all that went wrong on its pages since. `also` is another address that they may lead to.
 */
export async function person(browser, url, { scripts = true, screen = DESK, language = "en", also, ...more } = {}) {
  const context = await browser.newContext({
    baseURL: url,
    javaScriptEnabled: scripts,
    viewport: screen,
    locale: language,
    acceptDownloads: true,
    ...more,
  });
  const wrong = [];
  context.on("weberror", (error) => wrong.push(`${error.error()}`));
  context.on("console", (message) => {
    // Answers such as 404 and 422 are told here too; pages that are meant to give them say so.
    const told = /the server responded with a status of (4\d\d)/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !told) wrong.push(`${message.location().url}: ${message.text()}`);
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // A download, and what a new page has made needless.
    if (reason !== "net::ERR_ABORTED") wrong.push(`${request.url()}: ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) wrong.push(`${response.url()}: ${response.status()}`);
    const inside = response.request().resourceType() !== "document";
    if (inside && response.status() >= 400) wrong.push(`${response.url()}: ${response.status()}`);
  });
  context.on("request", (request) => {
    const known = [url, also].some((address) => address && request.url().startsWith(address));
    if (!known && !/^(data|blob):/.test(request.url())) wrong.push(`it asked ${request.url()}`);
  });
  const page = await context.newPage();
  return {
    page,
    context,
    scripts,
    check: () => assert.deepEqual(wrong, []),
    close: () => context.close(),
  };
}

/** Whether a page is wider than its window, and by what. */
export async function overflow(page) {
  for (let tries = 1; ; tries++) {
    await page.waitForLoadState();
    try {
      return await page.evaluate(wide);
    } catch (error) {
      // It has gone on by itself to the next page, as it does while a job is done.
      if (tries === 10 || !/navigation/.test(error.message)) throw error;
    }
  }
}

function wide() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const found = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > width + 1 || box.left < -1) && getComputedStyle(element).position !== "absolute";
  });
  return found.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
}
