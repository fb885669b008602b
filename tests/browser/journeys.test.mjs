// What people come for, from the first page to the last: the trainer's way, the volunteer's and the
// verifier's, on a desk and a phone, in English and Arabic, with scripts and without.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { DESK, PHONE, launch, overflow, person } from "./browser.mjs";
import { start } from "./service.mjs";
import { words } from "./words.mjs";

const LOGO = new URL("../../badges-server/static/logo.svg", import.meta.url);

const WAYS = [
  { scripts: true, language: "en", screen: DESK },
  { scripts: false, language: "en", screen: PHONE },
  { scripts: true, language: "ar", screen: PHONE },
  { scripts: false, language: "ar", screen: DESK },
];

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

for (const way of WAYS) {
  const name = `${way.scripts ? "with" : "without"} scripts, ${way.language}, ${way.screen.width} pixels`;
  describe(name, { timeout: 300_000 }, () => {
    const say = words(way.language);
    let service;
    /** What the trainer hands out: claim links by name. */
    let links;
    /** A badge's page, and its files. */
    let badge;

    before(async () => {
      service = await start();
    });
    after(() => service?.stop());

    async function visitor(more = {}) {
      const who = await person(browser, service.url, { ...way, ...more });
      const { page } = who;
      return {
        ...who,
        page,
        /** Presses what is called so, and waits for the next page, which must fit the screen. */
        async press(called, within = page.locator("main")) {
          const name = { name: called, exact: typeof called === "string" };
          const target = within.getByRole("button", name).or(within.getByRole("link", name)).first();
          const next = page.waitForEvent("load", { timeout: 10_000 });
          await target.click({ timeout: 5_000 }).catch(async (error) => {
            assert.fail(`${page.url()} has nothing to press that is called ${called}: ${error.message}\n${await within.innerText()}`);
          });
          await next;
          assert.deepEqual(await overflow(page), [], `${page.url()} is too wide`);
        },
        fill: (name, text) => page.locator(`[name="${name}"]`).fill(text),
        choose: (name, value) => page.locator(`[name="${name}"][value="${value}"]`).check(),
        async sees(text) {
          const found = page.locator("main").getByText(text).locator("visible=true").first();
          await found.waitFor({ timeout: 10_000 }).catch(async () => {
            assert.fail(`${page.url()} does not show ${text}:\n${await page.locator("main").innerText()}`);
          });
        },
        async misses(text) {
          assert.equal(await page.locator("main").getByText(text).locator("visible=true").count(), 0, `${page.url()} shows ${text}`);
        },
        async done() {
          who.check();
          await who.close();
        },
      };
    }

    test("a trainer awards badges after a workshop", async () => {
      const trainer = await visitor();
      const { page, press, fill, sees } = trainer;
      await page.goto(service.link);
      await press(say("badges-sign-in-link-use"));

      // Who issues.
      await fill("name", "Example Academy");
      await fill("url", "https://academy.example.org");
      await page.locator("[name=logo-file]").setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: await readFile(LOGO) });
      await press(say("badges-desk-new-make"));
      await sees("Example Academy");
      assert.equal(await page.locator("ul.badges > li").count(), 1, "a first achievement is ready");

      // The workshop.
      await press(say("badges-desk-add-workshop"));
      await press(say("badges-workshop-make"));
      await sees(say("badges-layout-problems"));
      await fill("title", "First Articles");
      await fill("starts_on", "2026-05-01");
      await page.locator("[name=achievement]").first().check();
      await press(say("badges-workshop-make"));

      // Its list, with something wrong in it.
      if (!(await page.locator("[name=list]").count())) await press(say("badges-workshop-to-list"));
      await fill("list", "Example Volunteer\nExample Editor\nExample Translator\nمثال\nsomebody@example.org\nExample Editor");
      await press(say("badges-import-continue"));
      const bad = page.locator("tr.bad");
      assert.equal(await bad.count(), 1);
      await bad.locator("input[name^='row.']").fill("Example Newcomer");
      await press(say("badges-preview-save"));
      assert.equal(await page.locator("tr.bad").count(), 0);
      await sees("Example Newcomer");

      // The badge, and then for all at once.
      await press(say("badges-preview-continue"));
      await sees("Example Academy");
      const rehearsal = page.url();
      const token = await page.locator("form.card [name=request]").inputValue();
      await press(say("badges-award-do"));
      await sees(say("badges-job-next"));
      const [done] = await page.locator("dl.facts dd").allInnerTexts();
      assert.equal(done.replace(/[٠-٩]/g, (digit) => "٠١٢٣٤٥٦٧٨٩".indexOf(digit)), "5");

      // The same once more changes nothing.
      await page.goto(rehearsal);
      await sees(say("badges-award-title"));
      const again = page.locator("form.card [name=request]");
      if (await again.count()) {
        assert.notEqual(await again.inputValue(), token);
        await press(say("badges-award-do"));
        await page.locator(".verdict").waitFor();
      }

      // What to hand out.
      const workshop = new URL(rehearsal).pathname.replace(/\/award$/, "");
      await page.goto(`${workshop}/links`);
      const rows = page.locator("tbody tr");
      assert.equal(await rows.count(), 5, "each person has one badge");
      links = {};
      for (const row of await rows.all()) {
        links[(await row.locator("th bdi").first().innerText()).trim()] = await row.locator("input[id^=link-]").inputValue();
      }
      assert.equal(await page.locator("[data-copy]:visible").count() > 0, way.scripts, "only scripts can copy");
      await press(say("badges-links-slips"));
      assert.equal(await page.locator(".slips .qr").count(), 5);
      await page.goto(`${workshop}/links/wikitext`);
      // No account was looked up here, so the links are not to be put on a wiki.
      await sees(say("badges-wikitext-others"));
      const csv = await trainer.context.request.get(`${service.url}${workshop}/links.csv`);
      assert.ok((await csv.text()).includes(links["Example Editor"]));
      await trainer.context.storageState({ path: join(service.folder, "trainer.json") });
      await trainer.done();
    });

    test("a volunteer accepts, shows, changes and withdraws", async () => {
      const volunteer = await visitor();
      const { page, press, fill, choose, sees, misses } = volunteer;
      await page.goto(links["Example Volunteer"]);
      await sees("Example Academy");
      await choose("visibility", "public");
      await choose("named", "user-name");
      await press(say("badges-claim-accept"));
      await sees(say("badges-holding-link-title"));
      const personal = await page.locator("#personal").inputValue();
      const mine = page.url();

      // What the trainer knows opens it no more.
      await page.goto(links["Example Volunteer"]);
      await misses(say("badges-claim-choose"));

      // The page that is shown to others.
      await page.goto(personal);
      assert.equal(page.url(), mine);
      await press(say("badges-holding-page"));
      badge = page.url();
      await sees("Example Volunteer");
      await sees("Example Academy");
      const json = await volunteer.context.request.get(`${badge}.json`);
      await writeFile(join(service.folder, "badge.json"), await json.body());
      const png = await volunteer.context.request.get(`${badge}.png`);
      assert.equal(png.headers()["content-type"], "image/png");
      await writeFile(join(service.folder, "badge.png"), await png.body());
      assert.match(await page.locator("a[href*='linkedin.com']").first().getAttribute("href"), /startTask=CERTIFICATION_NAME/);
      await page.goto(`${badge}/certificate`);
      assert.match(await page.locator(".certificate").innerText(), /Example Volunteer/);

      // Fewer may see it, and it says another name.
      await page.goto(personal);
      await choose("visibility", "private");
      await choose("named", "name");
      await fill("name", "");
      await press(say("badges-holding-save"));
      await sees(say("badges-layout-problems"));
      await fill("name", "Example Name");
      await press(say("badges-holding-save"));
      const stranger = await visitor();
      assert.equal((await stranger.page.goto(badge)).status(), 404);
      await page.goto(personal);
      await press(say("badges-holding-withdraw"));
      await sees(say("badges-holding-withdrawn"));
      await press(say("badges-holding-restore"));
      await choose("visibility", "public");
      await choose("named", "user-name");
      await press(say("badges-holding-save"));
      assert.equal((await stranger.page.goto(badge)).status(), 200);
      await stranger.close();
      await volunteer.done();
    });

    test("others decline, or erase everything", async () => {
      const volunteer = await visitor();
      const { page, press, choose, sees } = volunteer;
      await page.goto(links["Example Editor"]);
      await press(say("badges-claim-decline"));
      await press(say("badges-claim-decline"), page.locator("main form"));
      await sees(say("badges-notice-declined"));
      await page.goto(links["Example Editor"]);
      await sees(say("badges-claim-ended"));

      await page.goto(links["Example Translator"]);
      await choose("visibility", "unlisted");
      await choose("named", "name");
      await page.locator("[name=name]").fill("Example Person");
      await press(say("badges-claim-accept"));
      await press(say("badges-holding-page"));
      const shown = page.url();
      await sees("Example Person");
      await page.goBack();
      await press(say("badges-holding-erase"));
      await press(say("badges-holding-erase"), page.locator("main form"));
      const answer = await page.goto(shown);
      assert.equal(answer.status(), 410);
      assert.ok(!(await page.content()).includes("Example Person"));
      await volunteer.done();
    });

    test("a verifier gets a true answer", async () => {
      const verifier = await visitor();
      const { page, press, fill, sees, misses } = verifier;
      const genuine = await readFile(join(service.folder, "badge.json"), "utf8");
      const altered = genuine.replace("Example Volunteer", "Example Impostor");
      assert.notEqual(genuine, altered);
      const verdict = () => page.locator(".verdict").first();

      await page.goto("/verify");
      await fill("text", genuine);
      await press(say("badges-verify-button"));
      assert.match(await verdict().getAttribute("class"), /\bgood\b/);
      await sees("Example Academy");

      await fill("text", altered);
      await press(say("badges-verify-button"));
      assert.match(await verdict().getAttribute("class"), /\bbad\b/);

      // Several at once, as files; with scripts also dropped.
      await page.goto("/verify");
      const files = [
        { name: "genuine.png", mimeType: "image/png", buffer: await readFile(join(service.folder, "badge.png")) },
        { name: "altered.json", mimeType: "application/json", buffer: Buffer.from(altered) },
      ];
      if (way.scripts) {
        const dropped = await page.evaluateHandle((files) => {
          const transfer = new DataTransfer();
          for (const { name, type, data } of files) {
            const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
            transfer.items.add(new File([bytes], name, { type }));
          }
          return transfer;
        }, files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, data: buffer.toString("base64") })));
        await page.dispatchEvent(".drop", "drop", { dataTransfer: dropped });
      } else {
        await page.locator("#file").setInputFiles(files);
      }
      await press(say("badges-verify-button"));
      assert.deepEqual(
        (await page.locator("tbody .chip").evaluateAll((chips) => chips.map((chip) => chip.className))).map((name) => name.replace("chip ", "")),
        ["good", "bad"],
      );

      // By its address, and whether it is this person's.
      await page.goto("/verify");
      await fill("text", badge);
      await page.locator("summary").first().click();
      await fill("recipient", "Example Stranger");
      await press(say("badges-verify-button"));
      await misses(say("badges-layout-problems"));
      assert.equal(await page.locator(".checks > .bad").count(), 1, "it is not that person's");
      await verifier.done();
    });

    test("a trainer takes one back, and all see it", async () => {
      const trainer = await visitor({ storageState: join(service.folder, "trainer.json") });
      const { page, press, sees } = trainer;
      await page.goto("/desk/example-academy/awards");
      await press("Example Volunteer");
      const award = page.url();
      await press(say("badges-award-correct"));
      await page.locator("[name=awarded_on]").fill("2026-04-30");
      await press(say("badges-award-correct-do"));
      await page.goto(award);
      await sees(say("badges-award-superseded-by"));

      await page.goto("/desk/example-academy/awards");
      await press("Example Newcomer");
      await press(say("badges-award-revoke"));
      await press(say("badges-award-revoke"), page.locator("main form"));
      await sees(say("badges-layout-problems"));
      await page.locator("[name=reason]").first().check();
      await press(say("badges-award-revoke"), page.locator("main form"));
      await page.goto(links["Example Newcomer"]);
      await sees(say("badges-holding-revoked"));

      // Somebody who verifies what they were given before.
      const verifier = await visitor();
      await verifier.page.goto(badge);
      assert.match(await verifier.page.locator(".verdict").first().getAttribute("class"), /\bbad\b/);
      await verifier.close();
      await trainer.done();
    });
  });
}
