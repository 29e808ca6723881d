// Rename, move, delete: one entry by its menu, F2 or the Delete key, or all that were picked.
import { addressOf, ask, button, complaintAbout, counted, dialogWith, make, nameFrom, quoted, say, shortenable, show } from './page_parts.js';
import { chooseFolder } from './place_chooser.js';
import { KnownFolders } from './known_folders.js';
import { itemAt, items, renewList } from './list_renewal.js';
import { NameQuestions } from './name_question.js';

const list = document.getElementById('entries');
const here = location.pathname;
const linkIn = (item) => item.querySelector('a');
const entryOf = (item) => {
  const link = linkIn(item);
  const address = link.pathname;
  return { item, address, name: nameFrom(address), isFolder: link.classList.contains('folder') };
};
const rootName = () => document.querySelector('#path bdi')?.textContent ?? document.querySelector('h1').textContent;
const focusOn = (item) => item && linkIn(item).focus();
const what = (entries) => (entries.length === 1 ? quoted(entries[0].name) : counted(entries.length, 'thing'));

// ---- many things, one after the other ----

const kQuietMs = 600; // what is quicker needs no dialog

// step(entry) -> { sentence } where it did not work. Shows how far it is, can be stopped, and tells what failed.
async function doAll(entries, verbs, step) {
  let isStopped = false;
  const bar = make('progress', { max: String(entries.length), value: '0', 'aria-label': verbs.doing });
  const dialog = dialogWith(`${verbs.doing}…`, bar, make('div', { class: 'choices' }, button('Stop', () => (isStopped = true))));
  dialog.addEventListener('cancel', (event) => (event.preventDefault(), (isStopped = true)));
  const timer = setTimeout(() => !dialog.dataset.isOver && show(dialog), kQuietMs);
  const failed = [];
  let done = 0;
  for (const entry of entries) {
    if (isStopped) break;
    const { sentence, isSkipped } = await step(entry);
    if (sentence) failed.push({ entry, sentence });
    else if (!isSkipped) ++done;
    ++bar.value;
  }
  clearTimeout(timer);
  dialog.dataset.isOver = 'true';
  if (dialog.open) dialog.close();
  await renewList();
  say(`${counted(done, 'thing')} ${verbs.done}.`);
  if (failed.length) await tell(failed, verbs);
}

const kMostTold = 20;
async function tell(failed, verbs) {
  const rows = failed.slice(0, kMostTold).map(({ entry, sentence }) => make('li', {}, quoted(entry.name), ` ${sentence}`));
  if (failed.length > kMostTold) rows.push(make('li', {}, `and ${(failed.length - kMostTold).toLocaleString('en')} more`));
  const title = failed.length === 1 ? `This could not be ${verbs.done}` : `${failed.length.toLocaleString('en')} could not be ${verbs.done}`;
  const dialog = dialogWith(title, make('ul', { class: 'told' }, ...rows), make('div', { class: 'choices' }, button('Close', () => dialog.close(), { class: 'button main' })));
  await show(dialog);
}

// ---- one name asked for ----

// check(name) -> Promise of a sentence, or '' when it was done. Stays open until then; what was typed is not lost.
async function askName({ title, label, value, selected, action, check }) {
  const field = make('input', { type: 'text', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: '255', id: 'new-name', dir: 'auto' });
  const complaint = make('p', { class: 'complaint', role: 'alert', id: 'complaint' });
  const ok = make('button', { class: 'button main' }, action);
  const form = make('form', {}, make('label', { for: 'new-name' }, label), field, complaint, make('div', { class: 'choices' }, button('Cancel', () => dialog.close('')), ok));
  const dialog = dialogWith(title, form);
  const complain = (sentence) => {
    complaint.textContent = sentence;
    sentence ? field.setAttribute('aria-invalid', 'true') : field.removeAttribute('aria-invalid');
    field.setAttribute('aria-describedby', 'complaint');
    if (sentence) field.focus();
  };
  field.value = value;
  field.addEventListener('input', () => complain(''));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const name = field.value.trim();
    const early = complaintAbout(name);
    if (early) return complain(early);
    ok.disabled = true;
    const sentence = await check(name);
    ok.disabled = false;
    sentence ? complain(sentence) : dialog.close(name);
  });
  const closed = show(dialog);
  field.focus();
  field.setSelectionRange(0, selected);
  return closed;
}

export async function makeFolder() {
  const check = async (name) => {
    const { status, sentence } = await ask('MKCOL', `${addressOf(here, [name])}/`);
    return status === 405 || status === 409 ? 'There is something with this name already.' : sentence;
  };
  const name = await askName({ title: 'New folder', label: 'Name', value: '', selected: 0, action: 'Make folder', check });
  if (!name) return;
  await renewList();
  say(`The folder ${name} is made.`);
  focusOn(itemAt(`${addressOf(here, [name])}/`));
}

async function rename({ name, address, isFolder }) {
  const to = (wanted) => addressOf(here, [wanted]) + (isFolder ? '/' : '');
  const check = async (wanted) => {
    if (wanted === name) return '';
    const { status, sentence } = await ask('MOVE', address, { Destination: location.origin + to(wanted), Overwrite: 'F' });
    return status === 412 ? 'There is something with this name already.' : sentence;
  };
  const dot = isFolder ? -1 : name.lastIndexOf('.');
  const wanted = await askName({ title: ['Rename ', quoted(name)], label: 'New name', value: name, selected: dot > 0 ? dot : name.length, action: 'Rename', check });
  if (!wanted || wanted === name) return;
  await renewList();
  say(`${name} is now ${wanted}.`);
  focusOn(itemAt(to(wanted)));
}

async function move(entries) {
  const moved = entries.filter((entry) => entry.isFolder).map((entry) => entry.address);
  const folder = await chooseFolder({ title: ['Move ', what(entries)], start: here, rootName: rootName(), moved });
  if (!folder) return;
  const questions = new NameQuestions(true);
  const known = new KnownFolders(folder);
  const attempt = (entry, name, overwrite) =>
    ask('MOVE', entry.address, { Destination: location.origin + addressOf(folder, [name]) + (entry.isFolder ? '/' : ''), Overwrite: overwrite });
  const step = async (entry) => {
    let answer = await attempt(entry, entry.name, 'F');
    if (answer.status !== 412) return answer;
    const there = await known.find([entry.name]);
    const choice = await questions.ask({ name: entry.name, here: entry.isFolder ? { type: 'folder' } : there, others: () => entries.length > 1 });
    if (choice === 'skip') return { isSkipped: true };
    const name = choice === 'both' ? await known.freeName([entry.name]) : entry.name;
    answer = await attempt(entry, name, choice === 'replace' ? 'T' : 'F');
    if (!answer.sentence) known.note([name], 0);
    return answer;
  };
  const after = neighbourOf(entries);
  await doAll(entries, { doing: 'Moving', done: 'moved' }, step);
  focusOn(after);
}

const kMostNamed = 8;
async function remove(entries) {
  const isOne = entries.length === 1;
  const hasFolder = entries.some((entry) => entry.isFolder);
  const named = isOne ? [] : entries.slice(0, kMostNamed).map((entry) => make('li', {}, make('bdi', {}, entry.name)));
  if (entries.length > kMostNamed) named.push(make('li', {}, `and ${(entries.length - kMostNamed).toLocaleString('en')} more`));
  const words = `${hasFolder ? (isOne ? 'The folder and everything in it is gone then.' : 'Folders go with everything in them.') : ''} This can’t be undone.`;
  const dialog = dialogWith(
    ['Delete ', what(entries), '?'],
    ...(named.length ? [make('ul', { class: 'told' }, ...named)] : []),
    make('p', {}, words.trim()),
    make('div', { class: 'choices' }, button('Cancel', () => dialog.close(''), { autofocus: '' }), button(isOne ? 'Delete' : `Delete ${entries.length.toLocaleString('en')}`, () => dialog.close('yes'), { class: 'button main danger' })),
  );
  if ((await show(dialog)) !== 'yes') return;
  const after = neighbourOf(entries);
  await doAll(entries, { doing: 'Deleting', done: 'deleted' }, (entry) => ask('DELETE', entry.address));
  focusOn(after?.isConnected ? after : items()[0]);
}

// Where the focus goes when these are gone.
function neighbourOf(entries) {
  const going = new Set(entries.map((entry) => entry.item));
  const all = items().filter((item) => !item.hidden);
  const last = all.findLastIndex((item) => going.has(item));
  return all.slice(last + 1).find((item) => !going.has(item)) ?? all.slice(0, last).findLast((item) => !going.has(item));
}

// ---- the menu of a row ----

function openMenu(opener) {
  const entry = entryOf(opener.closest('li'));
  const choice = (label, value, attributes) => button(label, () => dialog.close(value), attributes);
  const dialog = dialogWith(
    shortenable(entry.name),
    choice('Rename', 'rename'),
    choice('Move', 'move'),
    choice('Delete', 'delete', { class: 'button quiet danger' }),
  );
  dialog.classList.add('menu');
  dialog.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...dialog.querySelectorAll('button')];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  });
  const place = opener.getBoundingClientRect();
  const closed = show(dialog);
  // Beside its row; on a phone it is a sheet at the bottom, by the style.
  const box = dialog.getBoundingClientRect();
  dialog.style.setProperty('--top', `${Math.max(8, Math.min(place.bottom, innerHeight - box.height - 8))}px`);
  dialog.style.setProperty('--left', `${Math.max(8, Math.min(place.right - box.width, innerWidth - box.width - 8))}px`);
  return closed.then((value) => act(value, [entry]));
}

const act = (value, entries) => ({ rename: () => rename(entries[0]), move: () => move(entries), delete: () => remove(entries) })[value]?.();

const pickedEntries = () => [...list.querySelectorAll('li > input:checked')].map((box) => entryOf(box.parentElement));

export function offerEntryChanges(actions) {
  const label = () => {
    for (const more of list.querySelectorAll('a.more:not([aria-label])')) {
      more.setAttribute('role', 'button');
      more.setAttribute('aria-haspopup', 'dialog');
      more.setAttribute('aria-label', `Change ${more.parentElement.querySelector('bdi').textContent}`);
    }
  };
  label();
  list.addEventListener('renewed', label);
  list.addEventListener('click', (event) => {
    const more = event.target.closest('a.more');
    if (!more || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openMenu(more);
  });
  document.addEventListener('keydown', (event) => {
    const more = event.target.closest?.('#entries a.more');
    if (event.key === ' ' && more) return event.preventDefault(), openMenu(more);
    const item = event.target.closest?.('#entries > li');
    const value = { F2: 'rename', Delete: 'delete' }[event.key];
    if (!item || !value || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    const picked = pickedEntries();
    act(value, value === 'delete' && picked.length ? picked : [entryOf(item)]);
  });

  const movePicked = button('Move', () => move(pickedEntries()), { id: 'move-picked', hidden: '' });
  const deletePicked = button('Delete', () => remove(pickedEntries()), { id: 'delete-picked', class: 'button quiet danger', hidden: '' });
  actions.append(movePicked, deletePicked);
  list.addEventListener('picked', () => {
    const count = pickedEntries().length;
    movePicked.hidden = deletePicked.hidden = !count;
    movePicked.textContent = `Move ${count.toLocaleString('en')}`;
    deletePicked.textContent = `Delete ${count.toLocaleString('en')}`;
  });
}
