// Files and folders on their way from a visitor's device into the folder: real meerkatd, real Chromium.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe } = require('node:test');
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
  for (const mode of ['no', 'new', 'replace']) programs[mode] = await startProgram(site.root, ['-upload', mode]);
});
after(async () => {
  await browser?.close();
  for (const program of Object.values(programs)) await program.end();
  site.remove();
});

// Real files and folders of the disk, dropped as a desktop does it.
async function drop(visitor, files, target = 'h1') {
  const box = await visitor.page.locator(target).first().boundingBox();
  const session = await visitor.context.newCDPSession(visitor.page);
  const step = (type) =>
    session.send('Input.dispatchDragEvent', { type, x: box.x + 20, y: box.y + 12, data: { items: [], files, dragOperationsMask: 1 } });
  await step('dragEnter');
  await step('dragOver');
  return { drop: () => step('drop') };
}

for (const screen of Object.keys(kScreens))
  describe(`on a ${screen}`, () => {
    // visit(NAME, { mode, proxy, ...options of the window }, STEPS): `server` may be another way to the same folder.
    const visit = (name, { mode = 'replace', server, ...options }, steps) =>
      testVisit(name, () => ({ browser, origin: (server?.() ?? programs[mode]).origin, screen, options }), steps);

    describe('what is allowed', () => {
      visit('shows and loads nothing of it where nothing is', { mode: 'no' }, async (visitor, page) => {
        const loaded = [];
        page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
        await visitor.open(site.fresh('a.txt').address);
        await page.waitForLoadState('networkidle');
        assert.equal(await page.locator('#offers, #forms, #transfers, .more, input[type=file]').count(), 0);
        const asked = [...new Set(loaded.filter((name) => name.startsWith('/.meerkat/')))].sort();
        assert.deepEqual(asked, ['folder_extras.js', 'folder_page.css', 'folder_page.js', 'icon.svg', 'kinds.svg'].map((name) => `/.meerkat/${name}`));
      });

      visit('offers no change of what is there where only new things are', { mode: 'new' }, async (visitor, page) => {
        await visitor.open(site.fresh('a.txt').address);
        await button(page, 'Upload files').waitFor();
        assert.equal(await page.locator('.more, #delete-picked').count(), 0);
        await visitor.press(button(page, 'Select'));
        await page.getByRole('checkbox').first().check();
        assert.equal(await button(page, 'Delete 1').count(), 0);
      });

      visit('asks for the password once, by the browser', { httpCredentials: { username: 'ana', password: 'secret' } }, async (visitor, page) => {
        const place = site.fresh('a.txt');
        // MD5 of "ana:mydomain.com:secret".
        const hash = require('node:crypto').createHash('md5').update('ana:mydomain.com:secret').digest('hex');
        fs.writeFileSync(place.at('.htpasswd'), `ana:mydomain.com:${hash}\n`);
        await visitor.open(place.address);
        await choose(page, site.put('guarded.txt'), site.put('large.bin', bytesOf(2 * kMiB)));
        await over(page, '2 items uploaded');
        assert.equal(place.read('guarded.txt'), 'I am guarded.txt');
        assert.ok(fs.readFileSync(place.at('large.bin')).equals(bytesOf(2 * kMiB)));
        visitor.complaints = visitor.complaints.filter((each) => !/401/.test(each));
      });
    });

    describe('adding', () => {
      visit('puts chosen files into the list without losing filter, order or place', {}, async (visitor, page) => {
        const place = site.fresh(...Array.from({ length: 60 }, (_, i) => `old ${i}.txt`));
        await visitor.open(place.address);
        await page.evaluate(() => void (window.isSamePage = true));
        await visitor.press(page.locator('#sort a[data-key=size]'));
        await page.locator('#filter').fill('txt');
        await page.evaluate(() => scrollTo(0, 700));
        await choose(page, site.put('Bericht für morgen.txt', 'x'.repeat(5000)), site.put('picture.jpg'));
        await over(page, '2 items uploaded');
        await page.locator('#entries li:first-child bdi', { hasText: 'Bericht' }).waitFor();
        assert.equal(await page.locator('#filter').inputValue(), 'txt');
        assert.equal(await page.locator('#sort [aria-current]').getAttribute('data-key'), 'size');
        assert.equal(await page.evaluate(() => scrollY), 700);
        assert.ok(await page.evaluate(() => window.isSamePage));
        assert.equal((await visitor.names()).length, 61);
        assert.equal(await page.locator('#shown').textContent(), '61 of 62 shown');
        assert.match(await page.locator('#summary').textContent(), /^62 files/);
        assert.equal(place.read('Bericht für morgen.txt'), 'x'.repeat(5000));
        assert.equal(place.read('picture.jpg'), 'I am picture.jpg');
        assert.equal(await page.locator('time', { hasText: /UTC|^\d{4}-/ }).count(), 0);
      });

      visit('fills an empty folder', {}, async (visitor, page) => {
        const place = site.fresh();
        await visitor.open(place.address);
        await button(page, 'Upload files').waitFor();
        await visitor.seesNoSidewaysScroll();
        await visitor.takePicture('uploads-empty');
        await choose(page, site.put('first.txt'));
        await listed(page, 'first.txt');
        assert.equal(await page.locator('.empty').count(), 0);
        assert.ok(await page.locator('#filter').isVisible());
        assert.ok(await page.locator('#archive').isVisible());
      });

      visit('takes a dropped folder with all that is in it', {}, async (visitor, page) => {
        const place = site.fresh('here.txt');
        const own = `trip ${screen}`;
        site.put(`${own}/day 1/a #1 100%.txt`);
        site.put(`${own}/day 1/שלום.txt`);
        site.put(`${own}/day 2/b.txt`);
        fs.mkdirSync(path.join(site.own, own, 'nothing yet'));
        site.put(`${own}/empty.txt`, '');
        await visitor.open(place.address);
        await button(page, 'Upload files').waitFor();
        const dragged = await drop(visitor, [path.join(site.own, own), site.put('beside.txt')]);
        await page.locator('#drop', { hasText: `Drop to put it into “${decodeURIComponent(place.address.slice(1, -1))}”` }).waitFor();
        await visitor.takePicture('uploads-drop');
        await dragged.drop();
        await page.locator('#drop').waitFor({ state: 'hidden' });
        await over(page, '9 items uploaded');
        await listed(page, own);
        assert.deepEqual(place.list(own), ['day 1', 'day 2', 'empty.txt', 'nothing yet']);
        assert.deepEqual(place.list(`${own}/day 1`), ['a #1 100%.txt', 'שלום.txt']);
        assert.deepEqual(place.list(`${own}/nothing yet`), []);
        assert.equal(place.read(own, 'day 1', 'שלום.txt'), `I am ${own}/day 1/שלום.txt`);
        assert.equal(place.read(own, 'empty.txt'), '');
        assert.equal(place.read('beside.txt'), 'I am beside.txt');
      });

      visit('drops into the folder under the mouse, and nothing when it leaves', {}, async (visitor, page) => {
        const place = site.fresh('inner/', 'z.txt');
        await visitor.open(place.address);
        await button(page, 'Upload files').waitFor();
        await drop(visitor, [site.put('in.txt')]);
        await page.locator('#drop').waitFor();
        await page.evaluate(() => document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true, relatedTarget: null })));
        await page.locator('#drop').waitFor({ state: 'hidden' });
        const dragged = await drop(visitor, [site.put('in.txt')], '#entries a.folder');
        await page.locator('#drop', { hasText: 'inner' }).waitFor();
        await dragged.drop();
        await over(page, '1 item uploaded');
        assert.deepEqual(place.list('inner'), ['in.txt']);
        assert.deepEqual(place.list(), ['inner', 'z.txt']);
      });

      visit('takes what a script or another page drops and what is pasted', {}, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        await button(page, 'Upload files').waitFor();
        await page.evaluate(() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(['dropped'], 'dropped.txt'));
          document.querySelector('h1').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
        });
        await over(page, '1 item uploaded');
        await page.evaluate(() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(['pasted'], 'image.png'));
          document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
        });
        await listed(page, 'image.png');
        assert.equal(place.read('dropped.txt'), 'dropped');
        assert.equal(place.read('image.png'), 'pasted');
      });

      visit('takes a chosen folder', {}, async (visitor, page) => {
        const place = site.fresh('z.txt');
        site.put('chosen/one/1.txt');
        site.put('chosen/2.txt');
        await visitor.open(place.address);
        await button(page, 'Upload folder').waitFor();
        await page.locator('#folder').setInputFiles(path.join(site.own, 'chosen'));
        await over(page, '2 items uploaded');
        assert.deepEqual(place.list('chosen'), ['2.txt', 'one']);
        assert.equal(place.read('chosen', 'one', '1.txt'), 'I am chosen/one/1.txt');
      });

      visit('makes a folder by keyboard alone', {}, async (visitor, page) => {
        const place = site.fresh('taken/');
        await visitor.open(place.address);
        await button(page, 'New folder').focus();
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('dialog', { name: 'New folder' });
        await dialog.waitFor();
        await page.keyboard.press('Enter');
        await dialog.getByRole('alert').filter({ hasText: 'A name is needed.' }).waitFor();
        await page.keyboard.type('a/b');
        await page.keyboard.press('Enter');
        await dialog.getByRole('alert').filter({ hasText: 'slashes' }).waitFor();
        await page.keyboard.press('Control+A');
        await page.keyboard.type('taken');
        await page.keyboard.press('Enter');
        await dialog.getByRole('alert').filter({ hasText: 'with this name already' }).waitFor();
        await visitor.takePicture('uploads-new-folder');
        await page.keyboard.press('Control+A');
        await page.keyboard.type('Ferien 2024');
        await page.keyboard.press('Enter');
        await dialog.waitFor({ state: 'detached' });
        await page.waitForFunction(() => document.activeElement.textContent.startsWith('Ferien 2024'));
        assert.deepEqual(place.list(), ['Ferien 2024', 'taken']);
        visitor.complaints = visitor.complaints.filter((each) => !/405/.test(each));
      });
    });

    describe('names that are taken', () => {
      const question = (page, name) => page.getByRole('dialog', { name: `“${name}” is here already` });

      visit('are asked about one by one', {}, async (visitor, page) => {
        const place = site.fresh('a.txt', 'b.txt', 'c.txt');
        await visitor.open(place.address);
        await choose(page, site.put('a.txt'), site.put('b.txt'), site.put('c.txt'), site.put('d.txt'));
        await question(page, 'a.txt').waitFor();
        await visitor.takePicture('uploads-question');
        await visitor.press(button(page, 'Replace'));
        await question(page, 'b.txt').waitFor();
        await visitor.press(button(page, 'Keep both'));
        await question(page, 'c.txt').waitFor();
        await page.keyboard.press('Escape');
        await over(page, '3 items uploaded · 1 skipped');
        await listed(page, 'b (2).txt');
        assert.deepEqual(place.list(), ['a.txt', 'b (2).txt', 'b.txt', 'c.txt', 'd.txt']);
        assert.equal(place.read('a.txt'), 'I am a.txt');
        assert.equal(place.read('b.txt'), 'old b.txt');
        assert.equal(place.read('b (2).txt'), 'I am b.txt');
        assert.equal(place.read('c.txt'), 'old c.txt');
      });

      visit('are asked about once for all', {}, async (visitor, page) => {
        const place = site.fresh('a.txt', 'b.txt', 'c.txt');
        await visitor.open(place.address);
        await choose(page, site.put('a.txt'), site.put('b.txt'), site.put('c.txt'));
        await page.getByRole('checkbox', { name: 'Do the same for the others' }).check();
        await visitor.press(button(page, 'Replace'));
        await over(page, '3 items uploaded');
        assert.deepEqual(['a.txt', 'b.txt', 'c.txt'].map((name) => place.read(name)), ['I am a.txt', 'I am b.txt', 'I am c.txt']);
      });

      visit('are never replaced where only new things are allowed', { mode: 'new' }, async (visitor, page) => {
        const place = site.fresh('a.txt', 'b.txt');
        await visitor.open(place.address);
        await choose(page, site.put('a.txt'), site.put('b.txt'));
        await question(page, 'a.txt').waitFor();
        assert.equal(await button(page, 'Replace').count(), 0);
        await visitor.press(button(page, 'Keep both'));
        await question(page, 'b.txt').waitFor();
        await visitor.press(button(page, 'Skip'));
        await over(page, '1 item uploaded · 1 skipped');
        assert.deepEqual(place.list(), ['a (2).txt', 'a.txt', 'b.txt']);
        assert.equal(place.read('a.txt'), 'old a.txt');
      });

      visit('are found by the server where somebody was quicker', {}, async (visitor, page) => {
        const place = site.fresh('z.txt');
        await visitor.open(place.address);
        // Between the look at the folder and the sending.
        await page.route('**/quick.txt', async (route) => {
          if (!fs.existsSync(place.at('quick.txt'))) fs.writeFileSync(place.at('quick.txt'), 'quicker');
          await route.continue();
        });
        await choose(page, site.put('quick.txt'));
        await question(page, 'quick.txt').waitFor();
        await visitor.press(button(page, 'Keep both'));
        await over(page, '1 item uploaded');
        assert.equal(place.read('quick.txt'), 'quicker');
        assert.equal(place.read('quick (2).txt'), 'I am quick.txt');
        visitor.complaints = visitor.complaints.filter((each) => !/412/.test(each));
      });

      visit('of a folder lead into it', {}, async (visitor, page) => {
        const place = site.fresh('both/', 'both/old.txt', 'file');
        site.put('both/new.txt');
        site.put('file/in.txt');
        await visitor.open(place.address);
        await button(page, 'Upload files').waitFor();
        await (await drop(visitor, [path.join(site.own, 'both')])).drop();
        await over(page, '2 items uploaded');
        assert.deepEqual(place.list('both'), ['new.txt', 'old.txt']);
        await (await drop(visitor, [path.join(site.own, 'file')])).drop();
        await row(page, 'in.txt').filter({ hasText: 'There is a file with the name of this folder.' }).waitFor();
        assert.equal(place.read('file'), 'old file');
      });
    });
  });
