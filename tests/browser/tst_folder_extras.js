// What the folder page offers beyond its list: the viewer, thumbnails, picking, search and the words of a README. Real meerkatd, real Chromium.
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { after, before, describe, it } = require('node:test');
const { startProgram } = require('./support/program');
const { kPictures, makeSite, removeSite } = require('./support/site');
const { kScreens, startBrowser, Visitor } = require('./support/visitor');

let site, program, browser;

before(async () => {
  site = makeSite();
  [program, browser] = await Promise.all([startProgram(site.root), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await program?.end();
  removeSite(site);
});

const row = (page, name) => page.locator('#entries a', { hasText: name });
const viewed = (page) => page.locator('#viewed bdi').textContent();
const focused = (page) => page.evaluate(() => document.activeElement.querySelector('bdi')?.textContent ?? document.activeElement.id);
const namesIn = (archive) =>
  execFileSync('python3', ['-c', 'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))', archive], { encoding: 'utf8' })
    .trim()
    .split('\n');

for (const screen of Object.keys(kScreens))
  describe(`on a ${screen}`, () => {
    const visit = (name, options, steps) =>
      it(name, async () => {
        const visitor = await Visitor.arrive(browser, program.origin, screen, options);
        try {
          visitor.expect((await steps(visitor, visitor.page)) ?? []);
        } finally {
          await visitor.context.close();
        }
      });

    visit('looks through the pictures and comes back to where it was', {}, async (visitor, page) => {
      await visitor.open('/media/');
      await visitor.press(row(page, 'hills.svg'));
      await page.locator('#stage img').waitFor();
      assert.equal(await viewed(page), 'hills.svg');
      assert.equal(await page.locator('#viewed span').textContent(), '2 of 5');
      await page.waitForFunction(() => document.querySelector('#stage img').naturalWidth > 0);
      await visitor.takePicture('viewer');
      await page.keyboard.press('ArrowLeft');
      assert.equal(await viewed(page), 'beach.svg');
      await visitor.press(page.getByRole('button', { name: 'Next' }));
      await visitor.press(page.getByRole('button', { name: 'Next' }));
      assert.equal(await viewed(page), 'sea.svg');
      await page.keyboard.press('Escape');
      await page.locator('#viewer').waitFor({ state: 'hidden' });
      assert.equal(await focused(page), 'sea.svg');
      assert.equal(new URL(page.url()).pathname, '/media/');
    });

    visit('closes the viewer by the way back', {}, async (visitor, page) => {
      await visitor.open('/media/');
      await visitor.press(row(page, 'beach.svg'));
      await page.locator('#stage img').waitFor();
      await page.goBack();
      await page.locator('#viewer').waitFor({ state: 'hidden' });
      assert.equal(new URL(page.url()).pathname, '/media/');
    });

    visit('plays without leaving the page', {}, async (visitor, page) => {
      await visitor.open('/media/');
      await visitor.press(row(page, 'silence.wav'));
      await page.waitForFunction(() => document.querySelector('#stage audio')?.duration > 0.9);
      await visitor.takePicture('player');
    });

    visit('says what it cannot show', {}, async (visitor, page) => {
      await visitor.open('/media/');
      await visitor.press(row(page, 'torn.png'));
      await page.getByText('This browser can’t show it.').waitFor();
      assert.equal(await page.getByRole('link', { name: 'Open the file itself' }).getAttribute('href'), `${program.origin}/media/torn.png`);
    });

    visit('shows thumbnails', {}, async (visitor, page) => {
      await visitor.open('/media/');
      await visitor.press(page.getByRole('button', { name: 'Gallery' }));
      await page.waitForFunction((count) => [...document.querySelectorAll('#entries img')].filter((each) => each.naturalWidth > 0).length === count, kPictures.length);
      await visitor.seesNoSidewaysScroll();
      await visitor.takePicture('gallery');
      await visitor.press(row(page, 'sea.svg'));
      assert.equal(await viewed(page), 'sea.svg');
    });

    visit('downloads what was picked', {}, async (visitor, page) => {
      await visitor.open('/media/');
      await visitor.press(page.getByRole('button', { name: 'Select' }));
      await visitor.press(row(page, 'beach.svg'));
      await page.getByRole('checkbox', { name: 'letter.txt' }).check();
      await visitor.takePicture('picking');
      await visitor.seesNoSidewaysScroll();
      const [saved] = await Promise.all([page.waitForEvent('download'), visitor.press(page.getByRole('link', { name: 'Download 2 picked' }))]);
      assert.deepEqual(namesIn(await saved.path()).sort(), ['beach.svg', 'letter.txt']);
      await visitor.press(page.getByRole('button', { name: 'Select' }));
      assert.equal(await page.getByRole('checkbox').count(), 0);
      const [all] = await Promise.all([page.waitForEvent('download'), visitor.press(page.getByRole('link', { name: 'Download all' }))]);
      assert.equal(all.suggestedFilename(), 'media.zip');
      assert.equal(namesIn(await all.path()).length, 7);
    });

    visit('finds what lies deeper', {}, async (visitor, page) => {
      await visitor.open('/');
      await page.locator('#filter').fill('found');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/?search=found');
      assert.deepEqual(await page.locator('#entries small').allTextContents(), ['deep/er/and deeper']);
      await visitor.takePicture('found');
      await visitor.seesNoSidewaysScroll();
      await visitor.press(row(page, 'found.txt'));
      await page.waitForURL('**/deep/er/and%20deeper/found.txt');
    });

    visit('says that nothing was found', {}, async (visitor, page) => {
      await visitor.open('/?search=%3Cb%3Enowhere');
      assert.equal(await page.locator('#found').textContent(), 'Nothing here has such a name.');
      assert.equal(await page.locator('#filter').inputValue(), '<b>nowhere');
      await visitor.takePicture('found-nothing');
    });

    visit('shows the README below the list', {}, async (visitor, page) => {
      await visitor.open('/media/');
      assert.equal(await page.locator('#readme h2').textContent(), 'The summer');
      assert.ok(await page.locator('#readme pre').textContent().then((text) => text.includes('<script>alert(1)</script>')));
      await page.locator('#readme').scrollIntoViewIfNeeded();
      await visitor.seesNoSidewaysScroll();
      await visitor.takePicture('readme');
    });

    visit('goes from row to row with the keyboard', {}, async (visitor, page) => {
      await visitor.open('/media/');
      await page.keyboard.press('/');
      await page.keyboard.press('ArrowDown');
      assert.equal(await focused(page), 'beach.svg');
      await page.keyboard.press('ArrowDown');
      assert.equal(await focused(page), 'hills.svg');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await page.locator('#stage img').waitFor();
      assert.equal(await viewed(page), 'beach.svg');
    });

    visit('keeps what a browser does with a key held down', {}, async (visitor, page) => {
      await visitor.open('/media/');
      if (screen === 'phone') return;
      const [other] = await Promise.all([visitor.context.waitForEvent('page'), row(page, 'beach.svg').click({ modifiers: ['Control'] })]);
      await other.close();
      assert.equal(await page.locator('#viewer').count(), 0);
    });
  });
