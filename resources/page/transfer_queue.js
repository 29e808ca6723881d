// All that is to be sent: three at a time, the rest wait. Knows states, not looks: the panel is told by onChange, the list by onStored.
import { addressOf } from './page_parts.js';
import { forgetFile, newId, remember, rememberedId } from './remembered_uploads.js';
import { giveUp, isThere, send } from './sending.js';

const kAtOnce = 3;
const kWholeBytes = 1024 * 1024; // smaller ones go in one request at first
const kRememberMs = 5000;
const kShortestPauseMs = 1000;
const kLongestPauseMs = 60_000;

// States: waiting, sending, asking, paused, done, skipped, failed. Waiting with `pauseUntil` is waiting for the connection to come back.
class Transfer {
  constructor({ names, file, isFolder, trouble }) {
    Object.assign(this, { names, file, isFolder, state: 'waiting', sentence: '', sent: 0, decision: null, attempts: 0, pauseUntil: 0 });
    if (trouble) Object.assign(this, { state: 'failed', sentence: trouble, isHopeless: true });
  }
  get size() {
    return this.file?.size ?? 0;
  }
  get isOpen() {
    return this.state === 'waiting' || this.state === 'sending' || this.state === 'asking';
  }
}

export class TransferQueue {
  items = [];
  bytesMoved = 0; // only ever grows: what a rate is made of
  onChange = () => {};
  onStored = () => {};
  onIdle = () => {};
  #base;
  #folders;
  #questions;
  #mode;
  #running = new Set();
  #firstWaiting = 0;
  #addresses = new Map(); // where to -> item
  #wasBusy = false;

  constructor({ base, folders, questions, mode }) {
    this.#base = base;
    this.#folders = folders;
    this.#questions = questions;
    this.#mode = mode;
    addEventListener('online', () => this.#resumeNow());
    addEventListener('pagehide', () => this.items.forEach((item) => this.#remember(item, false)));
  }

  isBusy() {
    return this.items.some((item) => item.isOpen);
  }

  add(found) {
    const item = new Transfer(found);
    if (item.file && this.#isKnown(item)) return;
    this.items.push(item);
    this.#pump();
  }

  // The same file dropped twice is sent once; one that was paused or failed goes on.
  #isKnown(item) {
    const address = addressOf(this.#base, item.names);
    const other = this.#addresses.get(address);
    const isSame = other?.file && other.size === item.size && other.file.lastModified === item.file.lastModified;
    if (!isSame || !(other.isOpen || other.state === 'paused' || (other.state === 'failed' && !other.isHopeless))) {
      this.#addresses.set(address, item);
      return false;
    }
    this.resume(other);
    return true;
  }

  // ---- what a visitor does ----

  pause(item) {
    this.#pauseEach([item]);
  }
  // What failed is tried again as well: the visitor may have made room.
  resume(item) {
    this.#resumeEach([item]);
  }
  cancel(item) {
    this.#drop(item);
    this.#forgetDropped();
  }
  pauseAll() {
    this.#pauseEach(this.items);
  }
  resumeAll() {
    this.#resumeEach(this.items.filter((item) => item.state === 'paused'));
  }
  retryAll() {
    this.#resumeEach(this.items.filter((item) => item.state === 'failed'));
  }
  cancelAll() {
    for (const item of this.items) if (item.isOpen || item.state === 'paused') this.#drop(item);
    this.#forgetDropped();
  }
  // What is over need not be shown for ever.
  clear() {
    this.items = this.items.filter((item) => item.isOpen || item.state === 'paused');
    this.#addresses = new Map(this.items.map((item) => [addressOf(this.#base, item.names), item]));
    this.#firstWaiting = 0;
    this.#changed();
  }

  #pauseEach(items) {
    for (const item of items) {
      if (item.state !== 'waiting' && item.state !== 'sending') continue;
      item.state = 'paused';
      item.stop?.abort();
    }
    this.#changed();
  }
  #resumeEach(items) {
    for (const item of items)
      if ((item.state === 'paused' || item.state === 'failed') && !item.isHopeless)
        Object.assign(item, { state: 'waiting', sentence: '', attempts: 0, pauseUntil: 0 });
    this.#firstWaiting = 0;
    this.#pump();
  }
  #drop(item) {
    const wasUnderWay = this.#running.has(item);
    item.state = 'cancelled';
    item.stop?.abort();
    // Else once its connection is closed.
    if (!wasUnderWay) this.#giveUp(item);
  }
  #giveUp(item) {
    if (!item.id) return;
    giveUp(item.address, item.id);
    forgetFile(item.address, item.file);
    item.id = null;
  }
  #forgetDropped() {
    this.items = this.items.filter((item) => item.state !== 'cancelled');
    this.#firstWaiting = 0;
    this.#pump();
  }

  // ---- what goes on by itself ----

  #changed() {
    this.onChange();
    const isBusy = this.isBusy();
    if (this.#wasBusy && !isBusy) {
      this.#folders.forgetAll();
      this.#questions.startOver();
      this.onIdle();
    }
    this.#wasBusy = isBusy;
  }

  #wait(item) {
    item.state = 'waiting';
    this.#firstWaiting = 0;
    this.#pump();
  }

  #pump() {
    const now = Date.now();
    let isEarlierOne = false;
    for (let i = this.#firstWaiting; i < this.items.length && this.#running.size < kAtOnce; ++i) {
      const item = this.items[i];
      const isReady = item.state === 'waiting' && item.pauseUntil <= now;
      if (isReady && !this.#running.has(item)) this.#start(item);
      isEarlierOne ||= item.state === 'waiting';
      if (!isEarlierOne) this.#firstWaiting = i + 1;
    }
    this.#changed();
  }

  async #start(item) {
    this.#running.add(item);
    item.state = 'sending';
    item.sentence = '';
    item.stop = new AbortController();
    item.address = addressOf(this.#base, item.names);
    const outcome = await this.#carry(item);
    this.#running.delete(item);
    this.#settle(item, outcome);
  }

  // Folders first; then the question whether the name is free, before a byte is sent.
  async #carry(item) {
    const made = await this.#folders.make(item.isFolder ? item.names : item.names.slice(0, -1));
    if (!made.isThere) return made;
    if (item.isFolder) return { kind: 'stored' };
    if (item.state !== 'sending') return { kind: 'stopped' };
    const here = await this.#folders.find(item.names);
    if (item.state !== 'sending') return { kind: 'stopped' };
    if (here && item.decision !== 'replace') return { kind: 'exists', here };
    return this.#send(item);
  }

  #send(item) {
    const isLarge = item.size > kWholeBytes;
    const known = isLarge ? rememberedId(item.address, item.file) : undefined;
    // A request that was refused before it was read looks like a cut one; the next has no body, and hears why.
    const asksFirst = item.attempts > 0 || Boolean(known ?? item.id);
    const inPieces = item.size > 0 && (isLarge || item.attempts > 0);
    if (inPieces) {
      item.id ??= known ?? newId();
      this.#remember(item, true);
    }
    item.wasSent = true;
    let last = item.sent;
    const onProgress = (bytes) => {
      this.bytesMoved += Math.max(0, bytes - last);
      last = item.sent = bytes;
      if (Date.now() - item.rememberedAt > kRememberMs) this.#remember(item, true);
      this.onChange();
    };
    return send({
      file: item.file,
      address: item.address,
      id: item.id,
      inPieces,
      asksFirst,
      onlyNew: item.decision !== 'replace',
      signal: item.stop.signal,
      onProgress,
    });
  }

  #remember(item, isUnderWay) {
    if (!item.id || item.size <= kWholeBytes) return;
    item.rememberedAt = Date.now();
    remember(item.address, item.file, item.id, isUnderWay);
  }

  #settle(item, outcome) {
    item.stop = null;
    if (outcome.kind !== 'stored') this.#remember(item, false);
    // Paused or cancelled meanwhile; what was stored all the same is.
    if (outcome.kind === 'stored') this.#stored(item);
    else if (item.state === 'cancelled') this.#giveUp(item);
    else if (item.state === 'sending') this.#troubled(item, outcome);
    this.#pump();
  }

  #stored(item) {
    if (item.file) forgetFile(item.address, item.file);
    Object.assign(item, { state: 'done', sent: item.size, id: null });
    if (item.file) this.#folders.note(item.names, item.size);
    this.onStored(item);
  }

  #troubled(item, outcome) {
    if (outcome.kind === 'cut') this.#tryLater(item, outcome);
    else if (outcome.kind === 'exists') this.#askAboutName(item, outcome);
    else {
      Object.assign(item, { state: 'failed', sentence: outcome.sentence ?? 'It could not be sent.' });
      // The others would only be told the same.
      if (outcome.kind === 'full') this.pauseAll();
    }
  }

  // Longer and longer, and not all of them in the same moment.
  #tryLater(item, { sentence, patience }) {
    const pause = patience ? patience * 1000 : Math.min(kShortestPauseMs * 2 ** item.attempts, kLongestPauseMs) * (0.8 + 0.4 * Math.random());
    ++item.attempts;
    Object.assign(item, { state: 'waiting', sentence, pauseUntil: Date.now() + pause });
    setTimeout(() => item.state === 'waiting' && this.#wait(item), pause + 5);
  }
  #resumeNow() {
    for (const item of this.items) if (item.state === 'waiting') item.pauseUntil = 0;
    this.#firstWaiting = 0;
    this.#pump();
  }

  async #askAboutName(item, { here, status, sentence }) {
    item.state = 'asking';
    // The server says so, while the list did not: somebody was quicker, or there is another reason.
    const known = here ?? (await this.#lookAgain(item));
    const isOtherReason = item.decision === 'replace' || (status === 409 && !known);
    if (isOtherReason && item.state === 'asking') Object.assign(item, { state: 'failed', sentence });
    const mayBeOurs = item.wasSent && known?.size === item.size && item.decision !== 'replace';
    if (mayBeOurs && (await isThere(item)) && item.state === 'asking') this.#stored(item);
    if (item.state !== 'asking') return this.#pump();
    const answer = await this.#questions.ask({
      name: item.names.at(-1),
      here: known,
      size: item.size,
      modified: item.file.lastModified,
      others: () => this.items.some((other) => other !== item && (other.state === 'waiting' || other.state === 'asking')),
      isGone: () => item.state !== 'asking',
    });
    if (item.state === 'asking') await this.#decide(item, answer);
    this.#pump();
  }
  #lookAgain(item) {
    this.#folders.forgetAll();
    return this.#folders.find(item.names);
  }
  async #decide(item, answer) {
    this.#giveUp(item);
    Object.assign(item, { sent: 0, wasSent: false });
    if (answer === 'replace') item.decision = 'replace';
    if (answer === 'both') item.names = [...item.names.slice(0, -1), await this.#folders.freeName(item.names)];
    if (item.state !== 'asking') return;
    answer === 'skip' ? (item.state = 'skipped') : this.#wait(item);
  }
}
