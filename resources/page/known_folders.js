// What lies in the folders that uploads go to, asked once for each, and the making of those that are missing.
import { addressOf, ask } from './page_parts.js';

const keyOf = (names) => names.join('/');

export class KnownFolders {
  #base;
  #made = new Map(); // way to a folder -> promise of { isThere, kind, sentence }
  #contents = new Map(); // way to a folder -> promise of Map(name -> { type, size, modified })

  constructor(base) {
    this.#base = base;
  }

  // What was known may have changed since: the next uploads look again.
  forgetAll() {
    this.#made.clear();
    this.#contents.clear();
  }

  // Makes the folder and those above it unless they are there. `kind` as in sending.js where it did not work.
  make(names) {
    if (!names.length) return Promise.resolve({ isThere: true });
    const key = keyOf(names);
    if (!this.#made.has(key)) this.#made.set(key, this.#makeNow(names));
    return this.#made.get(key);
  }

  async #makeNow(names) {
    const above = await this.make(names.slice(0, -1));
    const key = keyOf(names);
    const outcome = above.isThere ? await this.#askToMake(names) : above;
    // Another attempt asks again.
    if (!outcome.isThere) this.#made.delete(key);
    return outcome;
  }

  async #askToMake(names) {
    const there = await this.find(names);
    if (there) return this.#isFolder(there);
    const { status, sentence } = await ask('MKCOL', `${addressOf(this.#base, names)}/`);
    if (status === 201) {
      this.#contents.set(keyOf(names), Promise.resolve(new Map()));
      this.#note(names, { type: 'folder' });
      return { isThere: true, isNew: true };
    }
    if (status === 405 || status === 409) {
      const found = await this.#findNow(names);
      if (found) return this.#isFolder(found);
    }
    if (status === 0 || status === 429 || status === 503) return { isThere: false, kind: 'cut', sentence };
    return { isThere: false, kind: status === 507 ? 'full' : 'refused', sentence };
  }

  #isFolder(entry) {
    return entry.type === 'folder' ? { isThere: true } : { isThere: false, kind: 'refused', sentence: 'There is a file with the name of this folder.' };
  }

  #contentsOf(names) {
    const key = keyOf(names);
    if (!this.#contents.has(key)) this.#contents.set(key, this.#readNow(names));
    return this.#contents.get(key);
  }

  // Where it can't be read, the server still refuses to overwrite, and the question comes then.
  async #readNow(names) {
    const { status, body } = await ask('GET', names.length ? `${addressOf(this.#base, names)}/` : this.#base);
    const found = new Map();
    if (status !== 200) return found;
    try {
      for (const entry of JSON.parse(body).entries) found.set(entry.name, entry);
    } catch {
      // Cut on its way: as above.
    }
    return found;
  }

  async find(names) {
    return (await this.#contentsOf(names.slice(0, -1))).get(names.at(-1));
  }
  #findNow(names) {
    this.#contents.delete(keyOf(names.slice(0, -1)));
    return this.find(names);
  }
  note(names, size) {
    this.#note(names, { type: 'file', size, modified: new Date().toISOString() });
  }
  async #note(names, entry) {
    (await this.#contents.get(keyOf(names.slice(0, -1))))?.set(names.at(-1), entry);
  }

  // "photo (2).jpg": the first such name that is free; the number before the last dot, behind the name of a folder.
  async freeName(names) {
    const taken = await this.#contentsOf(names.slice(0, -1));
    const name = names.at(-1);
    const dot = name.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    for (let number = 2; ; ++number) {
      const candidate = `${stem} (${number})${ending}`;
      if (!taken.has(candidate)) return candidate;
    }
  }
}
