// Uploads that are cut, paused, left and refused, and very many of them: real meerkatd, real Chromium.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, describe } = require('node:test');
const { startProxy } = require('./support/cutting_proxy');
const { startProgram } = require('./support/program');
const { kMiB, bytesOf, makeUploadSite } = require('./support/upload_site');
const { button, choose, listed, over, row } = require('./support/upload_steps');
const { kScreens, startBrowser } = require('./support/visitor');
const { testVisit } = require('./support/visits');

let site, browser;
const programs = {};

before(async () => {
  site = makeUploadSite();
  browser = await startBrowser();
  for (const mode of ['replace']) programs[mode] = await startProgram(site.root, ['-upload', mode]);
});
after(async () => {
  await browser?.close();
  for (const program of Object.values(programs)) await program.end();
  site.remove();
});

for (const screen of Object.keys(kScreens))
  describe(`on a ${screen}`, () => {
    // visit(NAME, { mode, proxy, ...options of the window }, STEPS): `server` may be another way to the same folder.
    const visit = (name, { mode = 'replace', server, ...options }, steps) =>
      testVisit(name, () => ({ browser, origin: (server?.() ?? programs[mode]).origin, screen, options }), steps);

    describe('cuts', () => {
      let proxy;
      before(async () => (proxy = await startProxy(programs.replace.origin)));
      after(() => proxy.end());
      const noise = (visitor) => (visitor.complaints = visitor.complaints.filter((each) => !/ERR_|failed: /.test(each)));

      visit('are mended by themselves, from where it stopped', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('z.txt');
        const bytes = bytesOf(20 * kMiB);
        await visitor.open(place.address);
        const before = proxy.sent();
        proxy.cutAfter(11 * kMiB);
        await choose(page, site.put('large.bin', bytes));
        await row(page, 'The connection is lost.').waitFor();
        await visitor.takePicture('uploads-cut');
        proxy.heal();
        await page.evaluate(() => dispatchEvent(new Event('online')));
        await over(page, '1 item uploaded');
        assert.ok(fs.readFileSync(place.at('large.bin')).equals(bytes));
        const more = proxy.sent() - before - bytes.length;
        assert.ok(more < 3 * kMiB, `${more} bytes were sent twice`);
        assert.equal(await page.evaluate(() => localStorage.length), 0);
        noise(visitor);
      });

      visit('that lose only the answer make no second file', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        proxy.loseAnswer();
        await choose(page, site.put('once.txt'));
        await over(page, '1 item uploaded');
        assert.deepEqual(place.list(), ['once.txt', 'z.txt']);
        assert.equal(place.read('once.txt'), 'I am once.txt');
        visitor.complaints = visitor.complaints.filter((each) => !/412/.test(each));
        noise(visitor);
      });

      visit('do not lose what was there', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('large.bin');
        await visitor.open(place.address);
        await choose(page, site.put('large.bin', bytesOf(12 * kMiB)));
        proxy.cutAfter(5 * kMiB);
        await visitor.press(button(page, 'Replace'));
        await row(page, 'The connection is lost.').waitFor();
        assert.equal(place.read('large.bin'), 'old large.bin');
        proxy.heal();
        await over(page, '1 item uploaded');
        assert.equal(fs.statSync(place.at('large.bin')).size, 12 * kMiB);
        noise(visitor);
      });

      visit('of the whole server are survived', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('z.txt');
        const bytes = bytesOf(10 * kMiB);
        const first = await startProgram(site.root, ['-upload', 'replace']);
        proxy.leadTo(first.origin);
        await visitor.open(place.address);
        proxy.cutAfter(9 * kMiB);
        await choose(page, site.put('large.bin', bytes), ...Array.from({ length: 5 }, (_, i) => site.put(`small ${i}.txt`)));
        await row(page, 'The connection is lost.').first().waitFor();
        await first.end();
        proxy.leadTo(programs.replace.origin);
        proxy.heal();
        await over(page, '6 items uploaded');
        assert.ok(fs.readFileSync(place.at('large.bin')).equals(bytes));
        noise(visitor);
      });

      visit('by a pause go on where they were', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('z.txt');
        const bytes = bytesOf(20 * kMiB);
        await visitor.open(place.address);
        proxy.slowDown(5);
        const before = proxy.sent();
        await choose(page, site.put('large.bin', bytes), site.put('small.txt'));
        await page.waitForFunction(() => document.querySelector('#transfers-list progress')?.value > 0.3);
        await visitor.takePicture('uploads-sending');
        await visitor.press(page.getByRole('button', { name: 'Pause large.bin' }));
        await row(page, 'Paused').waitFor();
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Resume large.bin');
        await visitor.takePicture('uploads-paused');
        proxy.slowDown(0);
        // What was on its way still arrives; then it is quiet, long before the end.
        for (let last = -1; last !== proxy.sent(); await page.waitForTimeout(300)) last = proxy.sent();
        assert.ok(proxy.sent() - before < bytes.length - kMiB);
        await visitor.press(page.getByRole('button', { name: 'Resume large.bin' }));
        await over(page, '2 items uploaded');
        assert.ok(fs.readFileSync(place.at('large.bin')).equals(bytes));
        assert.ok(proxy.sent() - before < bytes.length + 3 * kMiB);
      });

      visit('by a reload go on when the same file is chosen again', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('z.txt');
        const bytes = bytesOf(20 * kMiB);
        const file = site.put('again.bin', bytes);
        await visitor.open(place.address);
        proxy.slowDown(5);
        const before = proxy.sent();
        await choose(page, file);
        await page.waitForFunction(() => document.querySelector('#transfers-list progress')?.value > 0.5);
        page.removeAllListeners('dialog');
        page.on('dialog', (dialog) => dialog.accept());
        await page.reload();
        proxy.slowDown(0);
        await page.locator('#cut', { hasText: 'Not all of “again.bin” arrived.' }).waitFor();
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('uploads-again');
        await choose(page, file);
        await over(page, '1 item uploaded');
        assert.ok(fs.readFileSync(place.at('again.bin')).equals(bytes));
        assert.ok(proxy.sent() - before < bytes.length + 6 * kMiB, `${proxy.sent() - before} bytes for ${bytes.length}`);
      });

      visit('by the visitor leave nothing behind', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        proxy.slowDown(20);
        await choose(page, site.put('large.bin', bytesOf(12 * kMiB)), site.put('other.bin', bytesOf(12 * kMiB)));
        await page.waitForFunction(() => [...document.querySelectorAll('#transfers-list progress')].every((each) => each.value > 0.05));
        await visitor.press(page.getByRole('button', { name: 'Cancel large.bin' }));
        await row(page, 'large.bin').waitFor({ state: 'detached' });
        await visitor.press(button(page, 'Cancel all'));
        await page.locator('#transfers').waitFor({ state: 'detached' });
        proxy.slowDown(0);
        await page.waitForFunction(() => localStorage.length === 0);
        for (let tries = 0; tries < 100 && place.list().length > 1; ++tries) await page.waitForTimeout(50);
        assert.deepEqual(place.list(), ['z.txt']);
      });

      visit('by leaving the page are warned of', { server: () => proxy }, async (visitor, page) => {
        const place = site.fresh('inner/');
        await visitor.open(place.address);
        proxy.slowDown(20);
        await choose(page, site.put('large.bin', bytesOf(12 * kMiB)));
        await page.waitForFunction(() => document.querySelector('#transfers-list progress')?.value > 0.05);
        await page.locator('#path a').first().click({ noWaitAfter: true });
        for (let tries = 0; tries < 100 && !visitor.complaints.length; ++tries) await page.waitForTimeout(50);
        assert.equal(new URL(page.url()).pathname, place.address);
        assert.deepEqual(visitor.complaints.map((each) => each.slice(0, 7)), ['dialog:']);
        visitor.complaints = [];
        await visitor.press(button(page, 'Cancel all'));
        await page.locator('#transfers').waitFor({ state: 'detached' });
        await visitor.press(page.locator('#path a').first());
        await page.waitForURL(`${proxy.origin}/`);
        proxy.slowDown(0);
      });
    });

    describe('trouble on the other side', () => {
      const answerOnce = (page, name, answer) => page.route(`**/${name}`, (route) => route.fulfill(answer), { times: 1 });
      const sentence = (error) => ({ contentType: 'application/json', body: JSON.stringify({ error }) });

      visit('such as a full disk stops the others, until there is room', {}, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        await answerOnce(page, 'file%200.txt', { status: 507, ...sentence('There is no room left for this.') });
        await choose(page, ...Array.from({ length: 40 }, (_, i) => site.put(`file ${i}.txt`)));
        await row(page, 'There is no room left for this.').waitFor();
        await over(page, 'paused');
        assert.ok(place.list().length < 20);
        await visitor.takePicture('uploads-full');
        await visitor.press(button(page, 'Retry failed'));
        await visitor.press(button(page, 'Resume all'));
        await over(page, '40 items uploaded');
        await listed(page, 'file 39.txt');
        assert.equal(place.list().length, 41);
        visitor.complaints = visitor.complaints.filter((each) => !/507/.test(each));
      });

      visit('that passes is waited for as long as the server asks', {}, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        await answerOnce(page, 'busy.txt', { status: 429, headers: { 'Retry-After': '2' }, ...sentence('That was a lot at once.') });
        const since = Date.now();
        await choose(page, site.put('busy.txt'));
        await row(page, 'That was a lot at once. Trying again in').waitFor();
        await over(page, '1 item uploaded');
        assert.ok(Date.now() - since > 1900);
        assert.equal(place.read('busy.txt'), 'I am busy.txt');
        visitor.complaints = visitor.complaints.filter((each) => !/429/.test(each));
      });

      visit('is told in its own sentence', {}, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        await choose(page, site.put('.htpasswd', 'me:x:y'), site.put('fine.txt'));
        await row(page, '.htpasswd').filter({ hasText: /\w+ \w+.*\./ }).waitFor();
        await over(page, '1 item uploaded · 1 failed');
        assert.deepEqual(place.list(), ['fine.txt', 'z.txt']);
        visitor.complaints = visitor.complaints.filter((each) => !/40[34]/.test(each));
      });
    });

    describe('many', () => {
      visit('files at once do not hold up the page', {}, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        await button(page, 'Upload files').waitFor();
        await page.evaluate(() => {
          const transfer = new DataTransfer();
          for (let i = 0; i < 10_000; ++i) transfer.items.add(new File([`${i}`], `file ${i}.txt`));
          // What the browser itself takes to hand them over is not ours to shorten.
          window.longest = 0;
          let last = performance.now();
          const tick = () => {
            const now = performance.now();
            window.longest = Math.max(window.longest, now - last);
            last = now;
            window.timer = setTimeout(tick, 10);
          };
          setTimeout(tick);
          setTimeout(() => document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })));
        });
        await over(page, 'of 10,000 items');
        await page.waitForFunction(() => Number(/^\d+/.exec(document.querySelector('#transfers-summary').textContent)) > 50);
        assert.ok((await page.locator('#transfers-list li').count()) <= 60);
        await page.locator('#transfers-rest', { hasText: 'and 9,940 more' }).waitFor();
        await visitor.takePicture('uploads-many');
        await visitor.press(button(page, 'Pause all'));
        await over(page, 'paused');
        await visitor.press(button(page, 'Cancel all'));
        await over(page, 'uploaded');
        const longest = await page.evaluate(() => window.longest);
        assert.ok(longest < 1000, `the page stood still for ${longest} ms`);
        const stored = place.list().length - 1;
        await page.waitForFunction((count) => document.querySelectorAll('#entries li').length >= count, stored);
      });
    });
  });
