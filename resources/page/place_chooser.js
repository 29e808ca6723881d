// Where to? A dialog that walks through the folders of the site, by the JSON of their pages.
import { ask, button, dialogWith, make, nameFrom, show } from './page_parts.js';

const kMostShown = 500;

async function foldersIn(address) {
  const { status, body, sentence } = await ask('GET', address);
  if (status !== 200) return { sentence: sentence || 'This folder can’t be opened.', folders: [] };
  try {
    const { entries, upload } = JSON.parse(body);
    return { upload, folders: entries.filter((entry) => entry.type === 'folder').map((entry) => entry.name) };
  } catch {
    return { sentence: 'This folder can’t be opened.', folders: [] };
  }
}

class Chooser {
  #address = '';
  #asked = 0;
  constructor(title, start, rootName, moved) {
    this.start = start;
    this.rootName = rootName;
    this.moved = moved;
    this.way = make('nav', { class: 'way', 'aria-label': 'Folders above' });
    this.list = make('ul', { class: 'folders', 'aria-label': 'Folders' });
    this.note = make('p', { class: 'note', role: 'status' });
    this.choose = button('Move here', () => this.dialog.close(this.#address), { class: 'button main' });
    this.dialog = dialogWith(
      title,
      this.way,
      this.list,
      this.note,
      make('div', { class: 'choices' }, button('Cancel', () => this.dialog.close('')), this.choose),
    );
    this.dialog.classList.add('chooser');
  }

  async open(address, focusesList = true) {
    const number = ++this.#asked;
    this.#address = address;
    this.choose.disabled = true;
    this.note.textContent = 'Looking…';
    const found = await foldersIn(address);
    // Somebody who presses on does not wait for the folder before.
    if (number !== this.#asked) return;
    this.#showWay();
    // Nothing goes into itself.
    const folders = found.folders.filter((name) => !this.moved.includes(`${address}${encodeURIComponent(name)}/`));
    const rows = folders.slice(0, kMostShown).map((name) => this.#rowFor(name));
    this.list.replaceChildren(...(rows.length || found.sentence ? rows : [make('li', { class: 'none' }, 'There are no folders in here.')]));
    this.choose.disabled = address === this.start || Boolean(found.sentence) || (found.upload !== undefined && found.upload !== 'replace');
    this.note.textContent = this.#noteFor(found, folders.length, address);
    if (focusesList) (this.list.querySelector('button') ?? (this.choose.disabled ? this.way.querySelector('button:last-of-type') : this.choose))?.focus();
  }

  #noteFor({ sentence }, count, address) {
    if (sentence) return sentence;
    const more = count > kMostShown ? `The first ${kMostShown} of ${count.toLocaleString('en')} folders are shown. ` : '';
    if (address === this.start) return `${more}It lies here now. Choose another folder.`;
    return more;
  }

  #rowFor(name) {
    const row = make('button', { type: 'button', class: 'folder' }, make('bdi', {}, name));
    row.addEventListener('click', () => this.open(`${this.#address}${encodeURIComponent(name)}/`));
    return make('li', {}, row);
  }

  #showWay() {
    const parts = this.#address.split('/').slice(1, -1);
    const step = (label, address) => {
      const isHere = address === this.#address;
      const element = make('button', { type: 'button', ...(isHere ? { 'aria-current': 'true' } : {}) }, make('bdi', {}, label));
      element.addEventListener('click', () => this.open(address));
      return element;
    };
    const steps = [step(this.rootName, '/')];
    parts.forEach((part, i) => steps.push(make('i', {}, '/'), step(nameFrom(part), `/${parts.slice(0, i + 1).join('/')}/`)));
    this.way.replaceChildren(...steps);
  }
}

// The address of a folder; '' where the visitor wants none. `moved`: addresses of folders that go along.
export function chooseFolder({ title, start, rootName, moved }) {
  const chooser = new Chooser(title, start, rootName, moved);
  chooser.open(start);
  return show(chooser.dialog);
}
