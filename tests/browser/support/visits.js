// A test that is a visit: a window of its own, no complaint but those that the steps return, and a picture of what was seen where it failed.
'use strict';
const { it } = require('node:test');
const { Visitor } = require('./visitor');

async function visit(name, { browser, origin, screen, options }, steps) {
  const visitor = await Visitor.arrive(browser, origin, screen, options);
  try {
    visitor.expect((await steps(visitor, visitor.page)) ?? []);
  } catch (error) {
    await visitor.takePicture(`failed-${name.replaceAll(/\W+/g, '_')}`).catch(() => {});
    throw error;
  } finally {
    await visitor.context.close();
  }
}

// `where()`: { browser, origin, screen, options }, asked when the test begins.
const testVisit = (name, where, steps) => it(name, () => visit(name, where(), steps));

module.exports = { testVisit };
