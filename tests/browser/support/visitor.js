// Somebody who looks at a page with a screen of some size, and notices what they should not: complaints in the console, dialogs, requests
// to other hosts, answers that are missing.
'use strict';
const assert = require('node:assert/strict');
const path = require('node:path');
const { chromium } = require('playwright-core');

const kScreens = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

// Nothing but this computer exists for it. Its sandbox needs what containers and root do not have, and it only ever sees our own pages.
function startBrowser() {
  return chromium.launch({
    executablePath: process.env.MEERKAT_BROWSER,
    chromiumSandbox: false,
    args: ['--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
}

class Visitor {
  static async arrive(browser, origin, screen, options = {}) {
    const context = await browser.newContext({ ...kScreens[screen], locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
    context.setDefaultTimeout(30_000);
    const visitor = new Visitor();
    Object.assign(visitor, { context, origin, screen, page: await context.newPage(), complaints: [] });
    visitor.listen();
    return visitor;
  }

  // Beside a plain file the browser itself asks for a favicon.ico; what it no longer needs after a step away is cut off.
  listen() {
    const complain = (what) => this.complaints.push(what);
    const isIcon = (url) => url === `${this.origin}/favicon.ico`;
    const isGrave = (message) => ['error', 'warning'].includes(message.type()) && !isIcon(message.location().url);
    this.page.on('console', (message) => isGrave(message) && complain(message.text()));
    this.page.on('pageerror', (error) => complain(`exception: ${error.message}`));
    this.page.on('dialog', (dialog) => (complain(`dialog: ${dialog.message()}`), dialog.dismiss()));
    this.context.on('request', (request) => request.url().startsWith(`${this.origin}/`) || complain(`request: ${request.url()}`));
    this.context.on('response', (answer) => answer.status() >= 400 && !isIcon(answer.url()) && complain(`${answer.status()} for ${answer.url()}`));
    this.context.on('requestfailed', (request) => request.failure().errorText.includes('ABORTED') || complain(`failed: ${request.url()}`));
  }

  async open(address) {
    return this.page.goto(this.origin + address);
  }
  // As one does here: a finger on a phone, a mouse on a desktop.
  async press(locator) {
    await (this.screen === 'phone' ? locator.tap() : locator.click());
  }
  async names() {
    return this.page.locator('#entries li:visible bdi').allTextContents();
  }
  async takePicture(name) {
    await this.page.screenshot({ path: path.join(process.env.MEERKAT_PICTURES, `${name}-${this.screen}.png`) });
  }
  async seesNoSidewaysScroll() {
    const [content, screen] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `the page is ${content} wide on a screen of ${screen}`);
  }
  // What there was to complain about since the last time.
  expect(complaints) {
    const noticed = this.complaints.sort();
    this.complaints = [];
    assert.deepEqual(noticed, complaints);
  }
}

module.exports = { kScreens, startBrowser, Visitor };
