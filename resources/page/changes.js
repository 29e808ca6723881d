// What visitors may add to the folder and change in it; loaded only where the server allows something.
import { button, make, nameFrom, quoted, say } from './page_parts.js';
import { itemsChosen, itemsDropped } from './dropped_files.js';
import { makeFolder, offerEntryChanges } from './entry_changes.js';
import { KnownFolders } from './known_folders.js';
import { renewList, renewSoon } from './list_renewal.js';
import { NameQuestions } from './name_question.js';
import { cutUploads, forget } from './remembered_uploads.js';
import { giveUp } from './sending.js';
import { TransferPanel } from './transfer_panel.js';
import { TransferQueue } from './transfer_queue.js';

const mode = document.querySelector('main').dataset.upload;
const here = location.pathname;
const actions = document.getElementById('actions');

const folders = new KnownFolders(here);
const questions = new NameQuestions(mode === 'replace');
const queue = new TransferQueue({ base: here, folders, questions });
const panel = new TransferPanel(queue);
queue.onStored = renewSoon;
queue.onIdle = renewList;

// Ten thousand of them must not hold up the page.
const kLongestMs = 30;
const breathe = () => new Promise((resolve) => setTimeout(resolve));

async function addAll(found) {
  panel.seek(1);
  let since = performance.now();
  try {
    for await (const each of found) {
      queue.add(each);
      if (performance.now() - since < kLongestMs) continue;
      await breathe();
      since = performance.now();
    }
  } finally {
    panel.seek(-1);
  }
}

addEventListener('beforeunload', (event) => {
  if (queue.isBusy()) event.preventDefault();
});

// ---- buttons ----

const chooser = (attributes) => {
  const field = make('input', { type: 'file', multiple: '', hidden: '', ...attributes });
  field.addEventListener('change', () => {
    const files = [...field.files];
    // The same files can be chosen once more.
    field.value = '';
    addAll(itemsChosen(files));
  });
  return field;
};
const files = chooser({ id: 'files', 'aria-label': 'Files to upload' });
const folder = chooser({ id: 'folder', 'aria-label': 'Folder to upload', webkitdirectory: '' });

document.getElementById('forms')?.remove();
const offers = make('div', { id: 'offers' }, button('Upload files', () => files.click(), { id: 'upload-files', class: 'button main' }));
if ('webkitdirectory' in files) offers.append(button('Upload folder', () => folder.click(), { id: 'upload-folder' }));
offers.append(button('New folder', makeFolder, { id: 'new-folder' }));
actions.after(offers);
offers.append(files, folder);
if (mode === 'replace') offerEntryChanges(actions);

// ---- dropping and pasting ----

const target = make('p', {});
const overlay = make('div', { id: 'drop', 'aria-hidden': 'true', hidden: '' }, target);
document.body.append(overlay);

const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
const folderUnder = (event) => event.target.closest?.('#entries a.folder');
const showOverlay = (row) => {
  const name = (row ?? document.querySelector('h1')).querySelector('bdi').textContent;
  if (overlay.dataset.name !== name) target.replaceChildren('Drop to put it into ', quoted(name));
  overlay.dataset.name = name;
  overlay.hidden = false;
};
const hideOverlay = () => {
  overlay.hidden = true;
  delete overlay.dataset.name;
};
// A dialog that is open asks something first.
const isOpenForDrops = (event) => hasFiles(event) && !document.querySelector('dialog[open]');

addEventListener('dragover', (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = isOpenForDrops(event) ? 'copy' : 'none';
  if (isOpenForDrops(event)) showOverlay(folderUnder(event));
});
addEventListener('dragleave', (event) => event.relatedTarget === null && hideOverlay());
addEventListener('drop', (event) => {
  hideOverlay();
  if (!hasFiles(event)) return;
  event.preventDefault();
  if (!isOpenForDrops(event)) return;
  const row = folderUnder(event);
  addAll(itemsDropped(event.dataTransfer, row ? [nameFrom(row.pathname)] : []));
});
addEventListener('paste', (event) => {
  if (!event.clipboardData?.files.length || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  addAll(itemsChosen([...event.clipboardData.files]));
});

// ---- what an earlier visit left ----

// The address tells what a form did, which the page has said by now.
const query = new URLSearchParams(location.search);
if (query.has('done')) {
  query.delete('done');
  query.delete('name');
  history.replaceState(history.state, '', query.size ? `?${query}` : here);
}

const cut = cutUploads(here);
if (cut.length) {
  const names = cut.slice(0, 3).flatMap(({ address }, i) => [i ? ', ' : '', quoted(nameFrom(address))]);
  const more = cut.length > 3 ? ` and ${cut.length - 3} more` : '';
  const words = make('p', {}, 'Not all of ', ...names, more, ` arrived. Choose ${cut.length === 1 ? 'the same file' : 'the same files'} again to go on where it stopped.`);
  const notice = make('div', { id: 'cut', class: 'notice' }, words, button('Don’t go on', forgetCut));
  document.querySelector('main').prepend(notice);
}
function forgetCut() {
  for (const { key, address, id } of cut) {
    forget(key);
    giveUp(address, id);
  }
  document.getElementById('cut').remove();
  document.getElementById('upload-files').focus();
  say('What had arrived is given up.');
}
const onChange = queue.onChange;
queue.onChange = () => {
  onChange();
  if (queue.items.length) document.getElementById('cut')?.remove();
};
