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

// Pictures that are some, one that is none, a second of silence, and words about them.
const kPictures = ['beach.svg', 'hills.svg', 'sea.svg'];
function makeMedia(folder) {
  fs.mkdirSync(folder);
  kPictures.forEach((name, i) => {
    const sky = ['#f6c66b', '#7fb2d6', '#e59a86'][i];
    const picture =
      `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><rect width="1200" height="800" fill="${sky}"/>` +
      `<circle cx="${300 + 250 * i}" cy="240" r="90" fill="#fff4d6"/><path d="M0 600 Q300 ${420 + 40 * i} 600 600 T1200 600 V800 H0Z" fill="#6d5f52"/></svg>`;
    write(path.join(folder, name), picture, 1_700_000_000 + i);
  });
  write(path.join(folder, 'torn.png'), 'no picture', 1_700_000_009);
  write(path.join(folder, 'silence.wav'), silence(), 1_700_000_009);
  write(path.join(folder, 'letter.txt'), 'Dear all', 1_700_000_009);
  const words = '# The summer\n\nPictures of **three** places, see [the letter](letter.txt):\n\n- a beach\n- hills\n- the sea\n\n' +
    '| place | days |\n|---|---|\n| beach | 4 |\n| hills | 2 |\n\n```\nno <script>alert(1)</script> here\n```\n\n![a beach](beach.svg)\n';
  write(path.join(folder, 'README.md'), words, 1_700_000_009);
}

// A WAV file of a second (RIFF, 8 bits, mono).
function silence() {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + 8000, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(8000, 40);
  return Buffer.concat([head, Buffer.alloc(8000, 128)]);
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
  makeMedia(into('media'));
  return { place, root };
}

function removeSite(site) {
  fs.rmSync(site.place, { recursive: true, force: true });
}

module.exports = { kPictures, kOddNames, kOrders, makeSite, removeSite };
