// The folder page and the error page as a visitor meets them: real meerkatd, real Chromium, on a desktop and on a phone.
'use strict';
const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');
const { startProgram } = require('./support/program');
const { kOddNames, kOrders, makeSite, removeSite } = require('./support/site');
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

// visit(NAME, OPTIONS, STEPS): no complaint is allowed but those that the steps return. Visits with the same options share a window, since
// making one takes longer than most visits.
const visits = (screen) => {
  const visitors = new Map();
  const visitorWith = async (options) => {
    const key = JSON.stringify(options);
    if (!visitors.has(key)) visitors.set(key, await Visitor.arrive(browser, program.origin, screen, options));
    return visitors.get(key);
  };
  return (name, options, steps) =>
    it(name, async () => {
      const visitor = await visitorWith(options);
      try {
        visitor.expect((await steps(visitor, visitor.page)) ?? []);
      } catch (error) {
        await visitor.takePicture(`failed-${name.replaceAll(/\W+/g, '_')}`).catch(() => {});
        visitor.complaints = [];
        throw error;
      }
    });
};

const sortLink = (page, key) => page.locator(`#sort a[data-key=${key}]`);
const orderShown = (page) => page.locator('#sort a[aria-current] [role=img]').getAttribute('aria-label');
const queryOf = (page) => new URL(page.url()).search.slice(1);
const markPage = (page) => page.evaluate(() => void (window.isSamePage = true));
const isSamePage = (page) => page.evaluate(() => window.isSamePage === true);
// "desc" -> "descending"
const inFull = (order) => `${order.slice(order.lastIndexOf('=') + 1)}ending`;

// The orders in which a visitor passes through them who presses each heading twice.
const kPresses = [
  ['size', 'sort=size&order=desc'],
  ['size', 'sort=size&order=asc'],
  ['time', 'sort=time&order=desc'],
  ['time', 'sort=time&order=asc'],
  ['name', 'sort=name&order=asc'],
  ['name', 'sort=name&order=desc'],
];

async function checkOrder(visitor, order) {
  assert.deepEqual(await visitor.names(), kOrders[order], order);
  assert.equal(await orderShown(visitor.page), inFull(order));
  assert.equal(queryOf(visitor.page), order === 'sort=name&order=asc' ? '' : order);
}

function sortingTests(visit, screen) {
  visit('begins in natural order, folders first', {}, async (visitor) => {
    await visitor.open('/sorted/');
    await checkOrder(visitor, 'sort=name&order=asc');
  });

  visit('sorts where one presses, without a load', {}, async (visitor, page) => {
    await visitor.open('/sorted/');
    await markPage(page);
    for (const [key, order] of kPresses) {
      await visitor.press(sortLink(page, key));
      await checkOrder(visitor, order);
    }
    assert.ok(await isSamePage(page));
  });

  visit('sorts by keyboard, and the focus stays', {}, async (visitor, page) => {
    await visitor.open('/sorted/');
    await markPage(page);
    for (const [key, order] of kPresses) {
      for (let tabs = 0; tabs < 12 && !(await sortLink(page, key).evaluate((link) => link === document.activeElement)); ++tabs)
        await page.keyboard.press(key === 'name' ? 'Shift+Tab' : 'Tab');
      await page.keyboard.press('Enter');
      await checkOrder(visitor, order);
    }
    assert.ok(await isSamePage(page));
  });

  visit('keeps the order on the way down and up', {}, async (visitor, page) => {
    await visitor.open('/sorted/');
    await visitor.press(sortLink(page, 'time'));
    await visitor.press(page.locator('#entries a.folder').first());
    await page.waitForURL('**/sorted/Archive%202/?sort=time&order=desc');
    assert.deepEqual(await visitor.names(), ['inside.txt']);
    await visitor.press(page.locator('#up a'));
    await page.waitForURL('**/sorted/?sort=time&order=desc');
    await checkOrder(visitor, 'sort=time&order=desc');
    await page.goBack();
    await page.goBack();
    await checkOrder(visitor, 'sort=time&order=desc');
  });

  // The same on each screen, and long.
  if (screen === 'phone') return;
  visit('sorts as the server does', {}, async (visitor, page) => {
    for (const address of ['/sorted/', '/odd/', '/many/']) {
      await visitor.open(address);
      // One order of many files is enough; each costs seconds on a busy machine.
      const presses = address === '/many/' ? kPresses.slice(0, 1) : kPresses;
      for (const [key, order] of presses) {
        await visitor.press(sortLink(page, key));
        const byScript = await visitor.names();
        const html = await (await visitor.context.request.get(`${program.origin}${address}?${order}`)).text();
        const byServer = await page.evaluate(
          (text) => [...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('#entries bdi')].map((name) => name.textContent),
          html,
        );
        assert.deepEqual(byScript, byServer, `${address} ${order}`);
      }
    }
  });
}

function filterTests(visit) {
  visit('filters by words in any case and without accents', {}, async (visitor, page) => {
    await visitor.open('/odd/');
    const filter = page.getByRole('searchbox', { name: /^Filter by name/ });
    const shown = page.getByRole('status');
    await visitor.press(filter);
    await page.keyboard.type('SCHON umlaute');
    assert.deepEqual(await visitor.names(), ['Ümläute ßind schön.txt']);
    assert.equal(await shown.textContent(), `1 of ${kOddNames.length + 1} shown`);
    await filter.fill('café');
    assert.deepEqual(await visitor.names(), ['Cafe\u0301 (combining).txt']);
    await filter.fill('שלום');
    assert.deepEqual(await visitor.names(), ['שלום עולם.txt']);
    await filter.fill('<img');
    assert.deepEqual(await visitor.names(), ['<b>bold<img src=x onerror=alert(1)>.txt']);
    await filter.fill('no such name');
    assert.deepEqual(await visitor.names(), []);
    assert.equal(await shown.textContent(), 'Nothing here has such a name.');
    await visitor.takePicture('filter-nothing');
    await filter.press('Escape');
    assert.equal((await visitor.names()).length, kOddNames.length + 1);
    assert.equal(await shown.textContent(), '');
  });

  visit('comes to the filter by the slash key and leaves by Escape', {}, async (visitor, page) => {
    await visitor.open('/sorted/');
    await page.keyboard.press('/');
    await page.keyboard.type('img1/');
    const filter = page.locator('#filter');
    assert.equal(await filter.inputValue(), 'img1/');
    await page.keyboard.press('Backspace');
    assert.deepEqual(await visitor.names(), ['IMG1.jpg', 'IMG10.jpg']);
    await page.keyboard.press('Escape');
    assert.equal(await filter.inputValue(), '');
    await page.keyboard.press('Escape');
    assert.ok(await filter.evaluate((field) => field !== document.activeElement));
  });

  visit('sorts what the filter left', {}, async (visitor, page) => {
    await visitor.open('/sorted/');
    await page.locator('#filter').fill('img');
    await visitor.press(sortLink(page, 'size'));
    assert.deepEqual(await visitor.names(), ['img2.jpg', 'IMG1.jpg', 'IMG10.jpg']);
  });

  visit('stays quick with 1500 files', {}, async (visitor, page) => {
    await visitor.open('/many/');
    await page.locator('#filter').fill('149');
    assert.deepEqual(await visitor.names(), ['page 149.html', 'page 1149.html', ...Array.from({ length: 10 }, (_, i) => `page 149${i}.html`)]);
    assert.equal(await page.getByRole('status').textContent(), '12 of 1,500 shown');
    await visitor.takePicture('filter-some');
    const sort = () => document.querySelector('#sort a[data-key=time]').click();
    const ms = await page.evaluate(`(() => { const begin = performance.now(); (${sort})(); return performance.now() - begin; })()`);
    // Many times what it takes: the machine may be busy.
    assert.ok(ms < 5000, `sorting took ${ms} ms`);
  });
}

function nameTests(visit, screen) {
  visit('shows odd names as they are', {}, async (visitor, page) => {
    await visitor.open('/odd/');
    const names = await visitor.names();
    assert.deepEqual([...names].sort(), ['a "folder" <i>', ...kOddNames].sort());
    assert.equal(await page.locator('main img, main b, main script').count(), 0);
    await visitor.seesNoSidewaysScroll();
    await visitor.takePicture('odd-names');
  });

  visit('opens odd names', {}, async (visitor, page) => {
    await visitor.open('/odd/');
    const links = await page.evaluate(() => [...document.querySelectorAll('#entries a:not(.folder)')].map((link) => link.href));
    const contents = await Promise.all(links.map(async (link) => (await visitor.context.request.get(link)).text()));
    assert.deepEqual(contents.sort(), kOddNames.map((name) => `I am ${name}`).sort());
    await visitor.press(page.locator('#entries a.folder'));
    await page.waitForURL('**/odd/a%20%22folder%22%20%3Ci%3E/');
    assert.equal(await page.title(), 'a "folder" <i>');
    assert.equal(await page.getByRole('heading').textContent(), 'a "folder" <i>');
    await visitor.takePicture('empty');
  });

  visit('lets right-to-left names run their way without turning the row around', {}, async (visitor, page) => {
    await visitor.open('/odd/');
    const row = page.locator('#entries a', { hasText: 'تقرير' });
    const [rowBox, nameBox, sizeBox] = await Promise.all([row, row.locator('bdi'), row.locator('data')].map((each) => each.boundingBox()));
    assert.equal(await row.locator('bdi').evaluate((name) => getComputedStyle(name).direction), 'rtl');
    if (screen === 'desktop') assert.ok(nameBox.x < sizeBox.x, 'the size stands right of the name');
    assert.ok(nameBox.x - rowBox.x < 80, `the name begins at ${nameBox.x - rowBox.x} of its row`);
  });

  visit('leads back through the folders above', {}, async (visitor, page) => {
    await visitor.open('/deep/er/and%20deeper/');
    await visitor.seesNoSidewaysScroll();
    await visitor.takePicture('deep');
    assert.deepEqual(await page.locator('#path a').allTextContents(), ['Holiday pictures', 'deep', 'er']);
    await visitor.press(page.locator('#path a').nth(1));
    await page.waitForURL('**/deep/');
    await visitor.press(page.getByRole('link', { name: 'Up to Holiday pictures' }));
    await page.waitForURL(`${program.origin}/`);
    assert.equal(await page.title(), 'Holiday pictures');
  });
}

function lookTests(visit, screen) {
  const backOf = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
  for (const colorScheme of ['light', 'dark'])
    visit(`is ${colorScheme} where the device is`, { colorScheme }, async (visitor, page) => {
      await visitor.open('/sorted/');
      const back = await backOf(page);
      assert.ok(back.every((channel) => (colorScheme === 'dark' ? channel < 64 : channel > 192)), `the page is ${back}`);
      await visitor.seesNoSidewaysScroll();
      await visitor.takePicture(`folder-${colorScheme}`);
    });

  visit('writes times as the visitor does', { locale: 'de-DE', timezoneId: 'Asia/Tokyo' }, async (visitor, page) => {
    await visitor.open('/sorted/');
    const time = page.locator('#entries li', { hasText: 'notes.txt' }).locator('time');
    await page.waitForFunction((element) => element.textContent === '15.11.2023, 07:13', await time.elementHandle());
    assert.equal(await page.getByText('UTC').count(), 0);
  });

  visit('has targets that a finger hits', {}, async (visitor, page) => {
    await visitor.open('/deep/er/and%20deeper/');
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, input')].filter((each) => each.getBoundingClientRect().height < 40).map((each) => each.outerHTML));
    assert.deepEqual(small, []);
    const row = await page.locator('#entries li').first().boundingBox();
    await page.mouse.click(row.x + row.width / 2, row.y + row.height - 3);
    await page.waitForURL('**/found.txt');
  });

  visit('shows where the keyboard is', {}, async (visitor, page) => {
    await visitor.open('/sorted/');
    await page.keyboard.press('Tab');
    for (let i = 0; i < 8; ++i) {
      const style = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.equal(style, 'solid', await page.evaluate(() => document.activeElement.outerHTML));
      await page.keyboard.press('Tab');
    }
    if (screen === 'desktop') await visitor.takePicture('focus');
  });

  visit('says in its own look that there is nothing', {}, async (visitor, page) => {
    const answer = await visitor.open('/no%20%3Cb%3Esuch/thing');
    assert.equal(answer.status(), 404);
    assert.equal(await page.getByRole('heading').textContent(), 'There is nothing here under this name.');
    await visitor.seesNoSidewaysScroll();
    await visitor.takePicture('not-found');
    await visitor.press(page.getByRole('link', { name: 'Go to the start' }));
    await page.waitForURL(`${program.origin}/`);
    assert.equal(await page.title(), 'Holiday pictures');
    return [
      'Failed to load resource: the server responded with a status of 404 (Not Found)',
      `404 for ${program.origin}/no%20%3Cb%3Esuch/thing`,
    ].sort();
  });
}

function withoutScriptTests(visit) {
  visit('sorts and walks without JavaScript', { javaScriptEnabled: false }, async (visitor, page) => {
    await visitor.open('/sorted/');
    assert.equal(await page.locator('#select').count(), 0);
    assert.ok(await page.getByText('(UTC)').isVisible());
    for (const [key, order] of kPresses) {
      await visitor.press(sortLink(page, key));
      await page.waitForURL(`**/?${order}`);
      assert.deepEqual(await visitor.names(), kOrders[order]);
      assert.equal(await orderShown(page), inFull(order));
    }
    await visitor.takePicture('without-script');
    await visitor.press(page.locator('#entries a.folder').first());
    await page.waitForURL('**/sorted/Archive%2010/?sort=name&order=desc');
    assert.deepEqual(await visitor.names(), ['inside.txt']);
  });

  visit('searches and downloads without JavaScript', { javaScriptEnabled: false }, async (visitor, page) => {
    await visitor.open('/');
    await page.locator('#filter').fill('INSIDE');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/?search=INSIDE');
    assert.deepEqual(await page.locator('#entries small').allTextContents(), ['sorted/Archive 2', 'sorted/Archive 10']);
    await visitor.takePicture('found-without-script');
    await visitor.press(page.locator('#up a'));
    await page.waitForURL(`${program.origin}/`);
    const [saved] = await Promise.all([page.waitForEvent('download'), visitor.press(page.locator('#archive'))]);
    assert.equal(saved.suggestedFilename(), 'Holiday pictures.zip');
  });
}

for (const screen of Object.keys(kScreens))
  describe(`on a ${screen}`, () => {
    const visit = visits(screen);
    sortingTests(visit, screen);
    filterTests(visit);
    nameTests(visit, screen);
    lookTests(visit, screen);
    withoutScriptTests(visit);
  });
