// The transfers, as a visitor sees them: a sheet at the bottom with one line for all, and below it the files. Of many files only some have a
// row; which, is found anew when something changed, a few times a second at the most.
import { button, counted, labelled, make, readableBytes, readableSeconds, say, shortenable, signButton } from './page_parts.js';

const kMostRows = 60;
const kTickMs = 400;
const kRateTicks = 12;
const kSmallBytes = 64 * 1024; // where files are smaller than that on average, their number tells more than their size
const kSaidEveryMs = 15_000;

const kRank = { sending: 0, asking: 0, failed: 1, paused: 2, waiting: 3, done: 4, skipped: 4 };

// Bytes a second over the last few ticks.
class Rate {
  #samples = [];
  add(bytes) {
    this.#samples.push([performance.now(), bytes]);
    if (this.#samples.length > kRateTicks) this.#samples.shift();
  }
  perSecond() {
    if (this.#samples.length < 2) return 0;
    const [[from, before], [to, after]] = [this.#samples[0], this.#samples.at(-1)];
    return Math.max(0, ((after - before) * 1000) / (to - from));
  }
}

const withRate = (parts, rate, left) => {
  if (rate > 0) parts.push(`${readableBytes(rate)}/s`);
  if (rate > 0 && left > 0) parts.push(`${readableSeconds(left / rate)}\u00A0left`);
  return parts.join(' · ');
};

// One file in the list.
class Row {
  #rate = new Rate();
  #bar = make('progress', { max: '1', value: '0' });
  #facts = make('p', { class: 'facts' });
  #switch;
  #cancel;
  constructor(item, queue) {
    this.item = item;
    this.queue = queue;
    this.name = item.names.join('/');
    this.#switch = signButton('pause', '', () => this.#press());
    this.#cancel = signButton('cross', `Cancel ${this.name}`, () => queue.cancel(item));
    this.#bar.setAttribute('aria-label', this.name);
    this.title = make('p', { class: 'name' });
    this.element = make('li', {}, this.title, this.#bar, this.#facts, this.#switch, this.#cancel);
    this.update(true);
  }

  #press() {
    const { item, queue } = this;
    item.state === 'paused' || item.state === 'failed' ? queue.resume(item) : queue.pause(item);
  }

  update(isTick) {
    const { item } = this;
    const name = item.names.join('/');
    if (name !== this.name || !this.title.firstChild) {
      this.name = name;
      this.title.replaceChildren(shortenable(name));
    }
    if (item.state === 'sending' && isTick) this.#rate.add(item.sent);
    this.#bar.value = item.state === 'done' ? 1 : item.size ? item.sent / item.size : 0;
    this.#bar.hidden = !item.sent || item.state === 'done' || item.state === 'skipped';
    const facts = this.#words();
    if (this.#facts.textContent !== facts) this.#facts.textContent = facts;
    if (this.element.dataset.state === item.state) return;
    this.element.dataset.state = item.state;
    if (item.state !== 'sending') this.#rate = new Rate();
    this.#showButtons();
  }

  #words() {
    const { item } = this;
    const size = item.isFolder ? 'folder' : readableBytes(item.size);
    const part = item.sent && item.sent < item.size ? `${readableBytes(item.sent)} of ${size}` : size;
    if (item.state === 'failed') return item.sentence;
    if (item.state === 'sending') return withRate([part], this.#rate.perSecond(), item.size - item.sent);
    if (item.state === 'waiting' && item.pauseUntil > Date.now())
      return `${item.sentence} Trying again in ${readableSeconds((item.pauseUntil - Date.now()) / 1000)}.`;
    return `${{ waiting: 'Waiting', asking: 'The name is taken', paused: 'Paused', done: 'Done', skipped: 'Skipped' }[item.state]} · ${part}`;
  }

  #showButtons() {
    const { item } = this;
    const [sign, label] = { paused: ['resume', 'Resume'], failed: ['retry', 'Retry'] }[item.state] ?? ['pause', 'Pause'];
    this.#switch.className = `sign ${sign}`;
    labelled(this.#switch, `${label} ${this.name}`);
    const canSwitch = ['waiting', 'sending', 'paused', 'failed'].includes(item.state) && !item.isHopeless && !item.isFolder;
    const canCancel = item.state !== 'done' && item.state !== 'skipped';
    const hadFocus = this.element.contains(document.activeElement);
    this.#switch.hidden = !canSwitch && !(item.isFolder && item.state === 'failed');
    this.#cancel.hidden = !canCancel;
    if (hadFocus && document.activeElement?.hidden !== false) this.element.querySelector('button:not([hidden])')?.focus();
  }
}

export class TransferPanel {
  #queue;
  #rows = new Map(); // item -> row
  #rate = new Rate();
  #timer = null;
  #saidAt = 0;
  #isSeeking = 0;

  constructor(queue) {
    this.#queue = queue;
    this.summary = make('p', { id: 'transfers-summary' });
    this.bar = make('progress', { max: '1', value: '0', 'aria-label': 'All transfers' });
    this.fold = signButton('fold', 'Hide the list', () => this.#toggle());
    this.fold.setAttribute('aria-expanded', 'true');
    this.fold.setAttribute('aria-controls', 'transfers-list');
    this.pauseAll = button('Pause all', () => queue.pauseAll());
    this.resumeAll = button('Resume all', () => queue.resumeAll());
    this.retryAll = button('Retry failed', () => queue.retryAll());
    this.cancelAll = button('Cancel all', () => queue.cancelAll());
    this.close = button('Close', () => this.#close());
    this.list = make('ul', { id: 'transfers-list', tabindex: '-1', 'aria-label': 'Files' });
    this.rest = make('p', { id: 'transfers-rest' });
    this.head = make('div', { class: 'head' }, this.summary, this.fold, this.bar);
    this.actions = make('div', { class: 'actions' }, this.pauseAll, this.resumeAll, this.retryAll, this.cancelAll, this.close);
    this.element = make('section', { id: 'transfers', 'aria-label': 'Transfers' }, this.head, this.actions, this.list, this.rest);
    queue.onChange = () => this.#soon();
  }

  // While items are still being found: "120 found so far".
  seek(step) {
    this.#isSeeking += step;
    this.#soon();
  }

  #soon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#render();
    }, this.element.isConnected ? kTickMs : 0);
  }

  #toggle() {
    const isFolded = this.element.classList.toggle('folded');
    this.fold.setAttribute('aria-expanded', String(!isFolded));
    labelled(this.fold, isFolded ? 'Show the list' : 'Hide the list');
  }
  #close() {
    this.#queue.clear();
    this.#render();
    document.getElementById('upload-files')?.focus();
  }

  #count() {
    const counts = { waiting: 0, sending: 0, asking: 0, paused: 0, done: 0, skipped: 0, failed: 0, size: 0, sent: 0, backIn: Infinity };
    for (const item of this.#queue.items) {
      ++counts[item.state];
      if (item.state === 'skipped' || item.state === 'failed') continue;
      counts.size += item.size;
      counts.sent += item.state === 'done' ? item.size : item.sent;
    }
    counts.all = this.#queue.items.length;
    counts.isByNumber = counts.size <= counts.all * kSmallBytes;
    counts.open = counts.waiting + counts.sending + counts.asking;
    return counts;
  }

  #render() {
    const counts = this.#count();
    if (!counts.all && !this.#isSeeking) {
      this.element.remove();
      document.body.classList.remove('transferring');
      this.#rows.clear();
      this.list.replaceChildren();
      return;
    }
    if (!this.element.isConnected) {
      document.body.append(this.element);
      document.body.classList.add('transferring');
    }
    if (this.wasByNumber !== counts.isByNumber) this.#rate = new Rate();
    this.wasByNumber = counts.isByNumber;
    this.#rate.add(counts.isByNumber ? counts.done : this.#queue.bytesMoved);
    this.#showSum(counts);
    this.#showRows(counts.all);
    // Rates and the seconds to wait move on without anything else moving.
    if (counts.open) this.#soon();
    else this.#rate = new Rate();
  }

  #showSum(counts) {
    const part = counts.isByNumber ? (counts.done + counts.skipped) / Math.max(1, counts.all) : counts.sent / counts.size;
    const words = this.#wordsFor(counts, part);
    const failed = counts.failed ? make('span', { class: 'failed' }, ` · ${counts.failed.toLocaleString('en')} failed`) : '';
    this.summary.replaceChildren(words, failed);
    this.bar.value = part;
    this.bar.hidden = !counts.open && !counts.paused;
    // A button that goes while it has the focus hands it on.
    const hadFocus = this.actions.contains(document.activeElement);
    this.pauseAll.hidden = !(counts.waiting + counts.sending);
    this.resumeAll.hidden = !counts.paused;
    this.retryAll.hidden = !counts.failed || counts.open > 0;
    this.cancelAll.hidden = !(counts.open + counts.paused);
    this.close.hidden = counts.open + counts.paused > 0;
    if (hadFocus && document.activeElement?.hidden !== false) this.actions.querySelector('button:not([hidden])')?.focus();
    this.#speak(counts, this.summary.textContent);
  }

  #wordsFor(counts, part) {
    const percent = `${Math.floor(part * 100)} %`;
    if (this.#isSeeking && !counts.open) return 'Looking at what was dropped…';
    if (counts.open) {
      const so = this.#isSeeking ? 'so far' : '';
      const words = [`${counts.done.toLocaleString('en')} of ${counted(counts.all, 'item')} ${so}`.trim(), percent];
      const rate = this.#rate.perSecond();
      if (!counts.isByNumber) return withRate(words, rate, counts.size - counts.sent);
      return [...words, ...(rate > 0 ? [`${readableSeconds(counts.open / rate)}\u00A0left`] : [])].join(' · ');
    }
    if (counts.paused) return [`${counted(counts.paused, 'item')} paused`, percent].join(' · ');
    const skipped = counts.skipped ? [`${counts.skipped.toLocaleString('en')} skipped`] : [];
    return [counts.done ? `${counted(counts.done, 'item')} uploaded` : 'Nothing uploaded', ...skipped].join(' · ');
  }

  // Not each percent: at the beginning, now and then, and at the end.
  #speak(counts, words) {
    const isOver = !counts.open;
    const now = Date.now();
    const isDue = now - this.#saidAt > kSaidEveryMs;
    if (isOver === this.wasOver && (isOver || !isDue)) return;
    this.wasOver = isOver;
    this.#saidAt = now;
    say(words);
  }

  // In their order; those that matter most, where there are too many.
  #chosen() {
    const { items } = this.#queue;
    if (items.length <= kMostRows) return items;
    const byRank = [[], [], [], [], []];
    for (const item of items) {
      const same = byRank[kRank[item.state]];
      if (same.length < kMostRows) same.push(item);
    }
    const chosen = new Set(byRank.flat().slice(0, kMostRows));
    return items.filter((item) => chosen.has(item));
  }

  #showRows(count) {
    const chosen = this.#chosen();
    const kept = new Set(chosen);
    for (const [item, row] of this.#rows) {
      if (kept.has(item)) continue;
      const hadFocus = row.element.contains(document.activeElement);
      row.element.remove();
      this.#rows.delete(item);
      if (hadFocus) this.list.focus();
    }
    let next = this.list.firstChild;
    for (const item of chosen) {
      let row = this.#rows.get(item);
      if (row) row.update(true);
      else this.#rows.set(item, (row = new Row(item, this.#queue)));
      if (row.element === next) next = next.nextSibling;
      else this.list.insertBefore(row.element, next);
    }
    this.rest.textContent = count > chosen.length ? `and ${(count - chosen.length).toLocaleString('en')} more` : '';
  }
}
