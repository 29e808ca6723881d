// What the tests of uploads do and look for on the page.
'use strict';

const summary = (page) => page.locator('#transfers-summary');
const row = (page, name) => page.locator('#transfers-list li', { hasText: name });
const choose = (page, ...files) => page.locator('#files').setInputFiles(files);
const listed = (page, name) => page.locator('#entries bdi', { hasText: name }).first().waitFor();
const over = (page, words) => summary(page).filter({ hasText: words }).waitFor();
const button = (page, name) => page.getByRole('button', { name, exact: true });

module.exports = { button, choose, listed, over, row };
