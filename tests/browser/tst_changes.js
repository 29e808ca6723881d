// What is in the folder and is renamed, moved and deleted, with and without JavaScript, and how all of it looks: real meerkatd, real Chromium.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe } = require('node:test');
const { startProxy } = require('./support/cutting_proxy');
const { startProgram } = require('./support/program');
const { kMiB, kOddNames, bytesOf, makeUploadSite } = require('./support/upload_site');
const { kScreens, startBrowser } = require('./support/visitor');
const { testVisit } = require('./support/visits');

let site, browser;
const programs = {};

before(async () => {
  site = makeUploadSite();
  browser = await startBrowser();
  for (const mode of ['new', 'replace']) programs[mode] = await startProgram(site.root, ['-upload', mode]);
});
after(async () => {
  await browser?.close();
  for (const program of Object.values(programs)) await program.end();
  site.remove();
});

const button = (place, name) => place.getByRole('button', { name, exact: true });
const entry = (page, name) => page.locator('#entries > li', { has: page.getByText(name, { exact: true }) });
const menuOf = (page, name) => entry(page, name).locator('.more');
const focused = (page) => page.evaluate(() => document.activeElement.querySelector('bdi')?.textContent ?? document.activeElement.id);
const without = (visitor, pattern) => (visitor.complaints = visitor.complaints.filter((each) => !pattern.test(each)));
const choose = (page, ...files) => page.locator('#files').setInputFiles(files);

for (const screen of Object.keys(kScreens))
  describe(`on a ${screen}`, () => {
    const visit = (name, { mode = 'replace', ...options }, steps) =>
      testVisit(name, () => ({ browser, origin: programs[mode].origin, screen, options }), steps);

    describe('an entry', () => {
      visit('is renamed by its menu, and a name that is taken is not lost', {}, async (visitor, page) => {
        const place = site.fresh('a.txt', 'b.txt', 'c.txt');
        await visitor.open(place.address);
        await visitor.press(menuOf(page, 'b.txt'));
        await visitor.takePicture('changes-menu');
        await visitor.press(button(page, 'Rename'));
        const dialog = page.getByRole('dialog', { name: 'Rename “b.txt”' });
        const field = dialog.getByLabel('New name');
        assert.equal(await field.evaluate((each) => each.value.slice(each.selectionStart, each.selectionEnd)), 'b');
        await field.fill('c.txt');
        await visitor.press(button(dialog, 'Rename'));
        await dialog.getByRole('alert').filter({ hasText: 'There is something with this name already.' }).waitFor();
        assert.equal(await field.inputValue(), 'c.txt');
        await visitor.takePicture('changes-rename');
        await field.fill('Z #1 100%.txt');
        await field.press('Enter');
        await dialog.waitFor({ state: 'detached' });
        await page.waitForFunction(() => document.activeElement.textContent.startsWith('Z #1'));
        assert.deepEqual(place.list(), ['Z #1 100%.txt', 'a.txt', 'c.txt']);
        assert.equal(place.read('Z #1 100%.txt'), 'old b.txt');
        without(visitor, /412/);
      });

      visit('is renamed and deleted by keyboard alone', {}, async (visitor, page) => {
        const place = site.fresh('a.txt', 'b.txt', 'folder/', 'folder/inside.txt');
        await visitor.open(place.address);
        await button(page, 'Upload files').waitFor();
        await page.keyboard.press('/');
        await page.keyboard.press('ArrowDown');
        assert.equal(await focused(page), 'folder');
        await page.keyboard.press('F2');
        await page.keyboard.type('new folder');
        await page.keyboard.press('Enter');
        await page.waitForFunction(() => document.activeElement.textContent.startsWith('new folder'));
        await page.keyboard.press('Delete');
        await page.getByText('The folder and everything in it is gone then.').waitFor();
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
        await page.keyboard.press('Escape');
        assert.equal(await focused(page), 'new folder');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForFunction(() => document.activeElement.textContent.startsWith('a.txt'));
        assert.deepEqual(place.list(), ['a.txt', 'b.txt']);
        await page.getByRole('status').filter({ hasText: '1 thing deleted.' }).waitFor();
      });

      visit('is moved into a folder that is looked for', {}, async (visitor, page) => {
        const place = site.fresh('Archive/', 'Archive/2024/', 'Archive/2024/a.txt', 'a.txt', 'b.txt');
        await visitor.open(place.address);
        await visitor.press(menuOf(page, 'a.txt'));
        await visitor.press(button(page, 'Move'));
        const dialog = page.getByRole('dialog', { name: 'Move “a.txt”' });
        await dialog.getByText('It lies here now.').waitFor();
        assert.ok(await button(dialog, 'Move here').isDisabled());
        await visitor.press(button(dialog, 'Archive'));
        await visitor.press(button(dialog, '2024'));
        await dialog.getByText('There are no folders in here.').waitFor();
        await visitor.takePicture('changes-move');
        await visitor.seesNoSidewaysScroll();
        await visitor.press(button(dialog, 'Move here'));
        const question = page.getByRole('dialog', { name: '“a.txt” is here already' });
        await question.waitFor();
        await visitor.press(button(question, 'Keep both'));
        await page.getByRole('status').filter({ hasText: '1 thing moved.' }).waitFor();
        assert.deepEqual(place.list(), ['Archive', 'b.txt']);
        assert.deepEqual(place.list('Archive/2024'), ['a (2).txt', 'a.txt']);
        assert.equal(place.read('Archive', '2024', 'a (2).txt'), 'old a.txt');
        assert.equal(await focused(page), 'b.txt');
        without(visitor, /412/);
      });

      visit('keeps its row where nothing changed, in filter and gallery', {}, async (visitor, page) => {
        const place = site.fresh('a.txt', 'b.txt');
        require('node:fs').writeFileSync(place.at('p.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
        await visitor.open(place.address);
        await visitor.press(button(page, 'Gallery'));
        await page.locator('#entries img').waitFor();
        await page.locator('#entries img').evaluate((picture) => (picture.isSame = true));
        await visitor.press(menuOf(page, 'b.txt'));
        await visitor.press(button(page, 'Delete'));
        await visitor.press(button(page.getByRole('dialog'), 'Delete'));
        await entry(page, 'b.txt').waitFor({ state: 'detached' });
        assert.ok(await page.locator('#entries img').evaluate((picture) => picture.isSame));
        await visitor.takePicture('changes-gallery');
      });

      visit('that is gone already is told, and the rest is done', {}, async (visitor, page) => {
        const place = site.fresh('a.txt', 'b.txt', 'c.txt');
        await visitor.open(place.address);
        await visitor.press(button(page, 'Select'));
        for (const name of ['a.txt', 'b.txt']) await page.getByRole('checkbox', { name }).check();
        require('node:fs').rmSync(place.at('a.txt'));
        await visitor.press(button(page, 'Delete 2'));
        await visitor.press(button(page.getByRole('dialog'), 'Delete 2'));
        const told = page.getByRole('dialog', { name: 'This could not be deleted' });
        await told.getByText('“a.txt”').waitFor();
        await visitor.takePicture('changes-told');
        await visitor.press(button(told, 'Close'));
        assert.deepEqual(place.list(), ['c.txt']);
        assert.deepEqual(await visitor.names(), ['c.txt']);
        without(visitor, /404/);
      });
    });

    describe('what was picked', () => {
      visit('is deleted together, after its names were read', {}, async (visitor, page) => {
        const names = Array.from({ length: 12 }, (_, i) => `photo ${i + 1}.txt`);
        const place = site.fresh(...names, 'keep.txt', 'folder/');
        await visitor.open(place.address);
        await visitor.press(button(page, 'Select'));
        assert.ok(await button(page, 'Delete 1').isHidden());
        for (const name of [...names, 'folder']) await visitor.press(entry(page, name).locator('a').first());
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('changes-picked');
        await visitor.press(button(page, 'Delete 13'));
        const dialog = page.getByRole('dialog', { name: 'Delete 13 things?' });
        await dialog.getByText('and 5 more').waitFor();
        await visitor.takePicture('changes-delete');
        await visitor.press(button(dialog, 'Delete 13'));
        await page.getByRole('status').filter({ hasText: '13 things deleted.' }).waitFor();
        assert.deepEqual(place.list(), ['keep.txt']);
        assert.deepEqual(await visitor.names(), ['keep.txt']);
        assert.equal(await button(page, 'Delete 13').count(), 0);
        assert.equal(await page.locator('#archive').textContent(), 'Download all');
      });

      visit('is moved together, and never into itself', {}, async (visitor, page) => {
        const place = site.fresh('one/', 'one/x.txt', 'two/', 'a.txt');
        await visitor.open(place.address);
        await visitor.press(button(page, 'Select'));
        for (const name of ['one', 'a.txt']) await visitor.press(entry(page, name).locator('a').first());
        await visitor.press(button(page, 'Move 2'));
        const dialog = page.getByRole('dialog', { name: 'Move 2 things' });
        await button(dialog, 'two').waitFor();
        assert.equal(await button(dialog, 'one').count(), 0);
        await visitor.press(button(dialog, 'two'));
        await visitor.press(button(dialog, 'Move here'));
        await page.getByRole('status').filter({ hasText: '2 things moved.' }).waitFor();
        assert.deepEqual(place.list(), ['two']);
        assert.deepEqual(place.list('two'), ['a.txt', 'one']);
        assert.deepEqual(place.list('two/one'), ['x.txt']);
      });
    });

    describe('without JavaScript', () => {
      const plain = { javaScriptEnabled: false };
      const fill = async (visitor, form, values, label) => {
        for (const [name, value] of Object.entries(values)) await form.locator(`[name=${name}]:not([type=hidden])`).fill(value);
        await visitor.press(button(form, label));
      };

      visit('files are sent and a folder is made', plain, async (visitor, page) => {
        const place = site.fresh();
        await visitor.open(place.address);
        await visitor.press(page.getByText('Add files or a folder'));
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('changes-forms');
        await page.locator('#form-files').setInputFiles([site.put('plain ü.txt'), site.put('other.txt')]);
        await visitor.press(button(page, 'Upload files'));
        await page.getByRole('status').filter({ hasText: '“plain ü.txt” and 1 other file are uploaded.' }).waitFor();
        assert.equal(place.read('plain ü.txt'), 'I am plain ü.txt');
        await visitor.takePicture('changes-done');
        await visitor.press(page.getByText('Add files or a folder'));
        await fill(visitor, page.locator('#forms form').nth(1), { name: 'New place' }, 'Make folder');
        await page.getByRole('status').filter({ hasText: '“New place” is made.' }).waitFor();
        assert.deepEqual(place.list(), ['New place', 'other.txt', 'plain ü.txt']);
        assert.deepEqual(await visitor.names(), ['New place', 'other.txt', 'plain ü.txt']);
      });

      visit('an entry is renamed, moved and deleted', plain, async (visitor, page) => {
        const place = site.fresh('to "change" <b>.txt', 'inner/', 'z.txt');
        await visitor.open(place.address);
        const open = async (name) => {
          await visitor.press(menuOf(page, name));
          await page.getByRole('heading', { level: 1, name }).waitFor();
        };
        await open('to "change" <b>.txt');
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('changes-page');
        assert.equal(await page.getByLabel('New name').inputValue(), 'to "change" <b>.txt');
        await fill(visitor, page.locator('form').nth(0), { to: 'renamed.txt' }, 'Rename');
        await page.getByRole('status').filter({ hasText: '“renamed.txt” has its new name.' }).waitFor();
        await open('renamed.txt');
        await fill(visitor, page.locator('form').nth(1), { to: `${place.address}inner/` }, 'Move');
        await page.getByRole('status').filter({ hasText: '“renamed.txt” is moved here.' }).waitFor();
        assert.deepEqual(place.list('inner'), ['renamed.txt']);
        await open('renamed.txt');
        await visitor.press(button(page, 'Delete'));
        await page.getByRole('status').filter({ hasText: '“renamed.txt” is deleted.' }).waitFor();
        assert.deepEqual(place.list('inner'), []);
        await visitor.open(place.address);
        await open('inner');
        await page.getByText('The folder and everything in it is gone then.').waitFor();
        await visitor.press(page.getByRole('link', { name: /^Back to place/ }));
        await page.waitForURL(`**${place.address}`);
        assert.deepEqual(await visitor.names(), ['inner', 'z.txt']);
      });

      visit('a name that is taken is told, with a way back', { ...plain, mode: 'new' }, async (visitor, page) => {
        const place = site.fresh('taken.txt');
        await visitor.open(place.address);
        assert.equal(await page.locator('.more').count(), 0);
        await visitor.press(page.getByText('Add files or a folder'));
        await page.locator('#form-files').setInputFiles([site.put('taken.txt'), site.put('new.txt')]);
        await visitor.press(button(page, 'Upload files'));
        await page.getByRole('heading', { name: 'taken.txt' }).waitFor();
        await visitor.takePicture('changes-refused');
        await visitor.press(page.getByRole('link', { name: 'Back to the folder' }));
        await page.locator('#entries').waitFor();
        assert.deepEqual(await visitor.names(), ['new.txt', 'taken.txt']);
        assert.equal(place.read('taken.txt'), 'old taken.txt');
        without(visitor, /409/);
      });

      visit('nobody changes what is hidden or not there', plain, async (visitor, page) => {
        const place = site.fresh('a.txt');
        for (const name of ['.htpasswd', '..', 'no such', 'a%2Fb', '']) {
          const answer = await visitor.open(`${place.address}?action=change&name=${name}`);
          assert.equal(answer.status(), 404, name);
        }
        const answer = await visitor.context.request.get(`${programs.new.origin}${place.address}?action=change&name=a.txt`);
        assert.match(await answer.text(), /id="entries"/);
        without(visitor, /404/);
      });
    });

    describe('the look', () => {
      let proxy;
      before(async () => (proxy = await startProxy(programs.replace.origin)));
      after(() => proxy.end());
      const slowly = (name, options, steps) => testVisit(name, () => ({ browser, origin: proxy.origin, screen, options }), steps);

      // Some done, one on its way, one that failed, and names that break pages.
      const showTransfers = async (visitor, page) => {
        const place = site.fresh('Archive 2023/', 'Archive 2024/', 'IMG_2041.jpg', 'report.pdf', 'notes.txt');
        require('node:fs').mkdirSync(place.at('תוכנית'));
        await visitor.open(place.address);
        await choose(page, site.put('letter.txt'), site.put('notes for tomorrow.md'));
        await page.locator('[data-state=done]').nth(1).waitFor();
        await page.route('**/*forbidden*', (route) => route.fulfill({ status: 403, contentType: 'application/json', body: '{"error":"Files of this kind are programs here, and can’t be put here by visitors."}' }));
        proxy.slowDown(10);
        const long = kOddNames.find((name) => name.startsWith('Protocol'));
        await choose(page, site.put('forbidden.php'), site.put(long, bytesOf(12 * kMiB)), site.put('שלום עולם 2024.txt', bytesOf(20 * kMiB)), site.put('holiday.mp4', bytesOf(30 * kMiB)), site.put('later.zip', bytesOf(kMiB)));
        await page.locator('[data-state=failed]').waitFor();
        await page.waitForFunction(() => document.querySelectorAll('[data-state=sending] progress').length === 3 && document.querySelector('[data-state=sending] progress').value > 0.3);
        await page.waitForFunction(() => document.querySelector('#transfers-summary').textContent.includes('left'));
      };

      for (const colorScheme of ['light', 'dark'])
        slowly(`of transfers is good in ${colorScheme}`, { colorScheme }, async (visitor, page) => {
          await showTransfers(visitor, page);
          await visitor.seesNoSidewaysScroll();
          await visitor.takePicture(`uploads-transfers-${colorScheme}`);
          await visitor.press(page.getByRole('button', { name: 'Hide the list' }));
          assert.ok(await page.locator('#transfers-list').isHidden());
          await visitor.takePicture(`uploads-folded-${colorScheme}`);
          await visitor.press(page.getByRole('button', { name: 'Show the list' }));
          assert.ok(await page.locator('#transfers-list').isVisible());
          await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
          await visitor.press(button(page, 'Cancel all'));
          proxy.slowDown(0);
          without(visitor, /403/);
        });

      slowly('of transfers fits where it is narrow, and where it is large', {}, async (visitor, page) => {
        await showTransfers(visitor, page);
        await page.setViewportSize({ width: 360, height: 640 });
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('uploads-360');
        await page.setViewportSize({ width: 320, height: 480 });
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('uploads-320');
        // A window of 1280 by 800 at 200 %: half as many pixels for the page.
        await page.setViewportSize({ width: 640, height: 400 });
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('uploads-zoomed');
        proxy.slowDown(0);
        without(visitor, /403/);
        page.removeAllListeners('dialog');
      });

      slowly('has targets that a finger hits and words for who can’t see', {}, async (visitor, page) => {
        await showTransfers(visitor, page);
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('button, .more, #actions a, #offers *')]
            .filter((each) => each.checkVisibility() && (each.getBoundingClientRect().height < 44 || each.getBoundingClientRect().width < 44))
            .map((each) => each.outerHTML));
        assert.deepEqual(small, []);
        const unnamed = await page.evaluate(() => [...document.querySelectorAll('button, .more')].filter((each) => !(each.getAttribute('aria-label') || each.textContent).trim()).length);
        assert.equal(unnamed, 0);
        await page.getByRole('region', { name: 'Transfers' }).waitFor();
        await page.getByRole('progressbar', { name: 'holiday.mp4' }).waitFor();
        await page.getByRole('progressbar', { name: 'All transfers' }).waitFor();
        assert.equal(await page.locator('#said').getAttribute('role'), 'status');
        assert.match(await page.locator('#said').textContent(), /of \d+ items/);
        const directions = await page.locator('.shortenable', { hasText: 'שלום' }).evaluate((name) => getComputedStyle(name).direction);
        assert.equal(directions, 'rtl');
        const ending = await page.locator('.shortenable span:last-child', { hasText: 'end.txt' }).boundingBox();
        assert.ok(ending.width > 30, 'the end of a long name is there');
        proxy.slowDown(0);
        without(visitor, /403/);
        page.removeAllListeners('dialog');
      });

      visit('of the menu, the dialogs and the page is good in the dark', { colorScheme: 'dark', reducedMotion: 'reduce' }, async (visitor, page) => {
        const place = site.fresh('Archive/', 'a.txt', 'b.txt');
        await visitor.open(place.address);
        await visitor.press(menuOf(page, 'b.txt'));
        await visitor.takePicture('changes-menu-dark');
        await visitor.press(button(page, 'Delete'));
        await visitor.takePicture('changes-delete-dark');
        await page.keyboard.press('Escape');
        assert.equal(await page.evaluate(() => document.activeElement.className), 'more');
        await choose(page, site.put('a.txt'), site.put('b.txt'));
        await page.getByRole('dialog', { name: '“a.txt” is here already' }).waitFor();
        await visitor.takePicture('uploads-question-dark');
        await visitor.press(button(page, 'Skip'));
        await visitor.press(button(page, 'Skip'));
        await page.locator('#transfers-summary', { hasText: 'Nothing uploaded · 2 skipped' }).waitFor();
        await visitor.press(button(page, 'Close'));
        await page.locator('#transfers').waitFor({ state: 'detached' });
        assert.equal(await focused(page), 'upload-files');
      });

      visit('of the page is good where it is narrow', {}, async (visitor, page) => {
        const place = site.fresh(...kOddNames, 'Archive/');
        await visitor.open(place.address);
        await page.setViewportSize({ width: 360, height: 740 });
        await button(page, 'Upload files').waitFor();
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('changes-360');
        await page.setViewportSize({ width: 1280, height: 800 });
        await visitor.takePicture('changes-odd-names');
        await page.setViewportSize({ width: 640, height: 400 });
        await visitor.seesNoSidewaysScroll();
        const long = kOddNames.find((name) => name.startsWith('Protocol'));
        await visitor.press(menuOf(page, long));
        await visitor.takePicture('changes-long-name');
      });
    });
  });
