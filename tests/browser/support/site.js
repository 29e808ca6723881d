// A folder to serve, with the names that break pages.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const kLong = 'Protocol_of_the_meeting_'.repeat(9) + 'end.txt';

// Each shows itself as text, opens what it names, and does nothing else.
const kOddNames = [
  `"quotes" and 'apostrophes'.txt`,
  '<b>bold<img src=x onerror=alert(1)>.txt',
  'a&amp;b <!-- c.txt',
  '100%25 #1 ?x=y;z.txt',
  'javascript:alert(1)',
  '..hidden no.txt',
  'Ümläute ßind schön.txt',
  'Cafe\u0301 (combining).txt',
  'שלום עולם.txt',
  'تقرير 2024.pdf',
  kLong,
];

// In natural order, folders first. [name, bytes, seconds since 1970]
const kFolders = [
  ['Archive 2', 1_600_000_000],
  ['Archive 10', 1_500_000_000],
];
const kFiles = [
  ['IMG1.jpg', 3_000, 1_700_000_300],
  ['img2.jpg', 2_000_000, 1_700_000_100],
  ['IMG10.jpg', 500, 1_700_000_200],
  ['notes.txt', 0, 1_700_000_000],
  ['song.mp3', 12_345, 1_600_000_000],
  ['video.mp4', 12_345, 1_650_000_000],
];
const kOrders = {
  'sort=name&order=asc': ['Archive 2', 'Archive 10', 'IMG1.jpg', 'img2.jpg', 'IMG10.jpg', 'notes.txt', 'song.mp3', 'video.mp4'],
  'sort=name&order=desc': ['Archive 10', 'Archive 2', 'video.mp4', 'song.mp3', 'notes.txt', 'IMG10.jpg', 'img2.jpg', 'IMG1.jpg'],
  'sort=size&order=desc': ['Archive 2', 'Archive 10', 'img2.jpg', 'song.mp3', 'video.mp4', 'IMG1.jpg', 'IMG10.jpg', 'notes.txt'],
  'sort=size&order=asc': ['Archive 2', 'Archive 10', 'notes.txt', 'IMG10.jpg', 'IMG1.jpg', 'song.mp3', 'video.mp4', 'img2.jpg'],
  'sort=time&order=desc': ['Archive 2', 'Archive 10', 'IMG1.jpg', 'IMG10.jpg', 'img2.jpg', 'notes.txt', 'video.mp4', 'song.mp3'],
  'sort=time&order=asc': ['Archive 10', 'Archive 2', 'song.mp3', 'video.mp4', 'notes.txt', 'img2.jpg', 'IMG10.jpg', 'IMG1.jpg'],
};

function write(file, content, seconds) {
  fs.writeFileSync(file, content);
  fs.utimesSync(file, seconds, seconds);
}

// The folder's path; removeSite() takes it away again.
function makeSite() {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'meerkat-browser-'));
  const root = path.join(place, 'Holiday pictures');
  const into = (...names) => path.join(root, ...names);
  for (const folder of ['odd', 'many', 'empty', 'deep/er/and deeper']) fs.mkdirSync(into(folder), { recursive: true });
  fs.mkdirSync(into('sorted'));
  for (const [name, bytes, seconds] of kFiles) write(into('sorted', name), Buffer.alloc(bytes), seconds);
  for (const [name, seconds] of kFolders) {
    fs.mkdirSync(into('sorted', name));
    write(into('sorted', name, 'inside.txt'), 'inside', seconds);
    fs.utimesSync(into('sorted', name), seconds, seconds);
  }
  for (const name of kOddNames) write(into('odd', name), `I am ${name}`, 1_700_000_000);
  fs.mkdirSync(into('odd', 'a "folder" <i>'));
  for (let i = 0; i < 1500; ++i) write(into('many', `page ${i}.html`), '', 1_700_000_000 + i);
  write(into('deep/er/and deeper', 'found.txt'), 'found', 1_700_000_000);
  return { place, root };
}

function removeSite(site) {
  fs.rmSync(site.place, { recursive: true, force: true });
}

module.exports = { kOddNames, kOrders, makeSite, removeSite };
