// Folders to change, and files of the visitor's own to put into them.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { kOddNames } = require('./site');

const kMiB = 1024 * 1024;

// Bytes of which no two stretches are alike, so that a piece in the wrong place shows.
function bytesOf(size) {
  const bytes = Buffer.alloc(size);
  for (let i = 0, value = 1; i + 4 <= size; i += 4) bytes.writeUInt32LE((value = (Math.imul(value, 1664525) + 1013904223) >>> 0), i);
  return bytes;
}

// { place, root, own, fresh(names...): a new folder to serve, put(name, bytes): a file of the visitor's }
function makeUploadSite() {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'meerkat-uploads-'));
  const root = path.join(place, 'Shared things');
  const own = path.join(place, 'own');
  fs.mkdirSync(root);
  fs.mkdirSync(own);
  let count = 0;
  const put = (name, bytes = `I am ${name}`) => {
    const file = path.join(own, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
    return file;
  };
  // A folder for one test: { address, at(name) } with these files, folders where the name ends in a slash.
  const fresh = (...names) => {
    const name = `place ${++count}`;
    const at = (...below) => path.join(root, name, ...below);
    fs.mkdirSync(at());
    for (const each of names) each.endsWith('/') ? fs.mkdirSync(at(each), { recursive: true }) : fs.writeFileSync(at(each), `old ${each}`);
    const read = (...below) => fs.readFileSync(at(...below), 'utf8');
    const list = (below = '') => fs.readdirSync(at(below)).sort();
    return { address: `/${encodeURIComponent(name)}/`, at, read, list };
  };
  const remove = () => fs.rmSync(place, { recursive: true, force: true });
  return { place, root, own, put, fresh, remove };
}

module.exports = { kMiB, kOddNames, bytesOf, makeUploadSite };
