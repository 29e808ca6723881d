// What the modules for changes share: elements, dialogs, names and numbers as a visitor reads them.
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

export const button = (label, action, attributes = {}) => {
  const element = make('button', { type: 'button', class: 'button quiet', ...attributes }, label);
  if (action) element.addEventListener('click', action);
  return element;
};

// A sign without words: `sign` is a class of changes.css, the label is what is read out and shown under the mouse.
export const signButton = (sign, label, action) => {
  const element = make('button', { type: 'button', class: `sign ${sign}` });
  element.addEventListener('click', action);
  return labelled(element, label);
};
export const labelled = (element, label) => {
  element.title = label;
  element.setAttribute('aria-label', label);
  return element;
};

// "512 B", "4.2 MB", "99 GB": as the server writes them.
export const readableBytes = (bytes) => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let number = bytes;
  while (number >= 999.5 && unit + 1 < units.length) {
    number /= 1000;
    ++unit;
  }
  return `${unit && number < 9.95 ? number.toFixed(1) : Math.round(number)}\u00A0${units[unit]}`;
};

export const readableSeconds = (seconds) => {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))}\u00A0s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}\u00A0min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}\u00A0h ${minutes % 60}\u00A0min` : `${Math.round(hours / 24)} days`;
};

export const counted = (count, noun) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

// A name that may be cut, but never its end, where the kind of a file is told. One bdi, so that right-to-left names keep their way.
const kEndLetters = 10;
export const shortenable = (name) => {
  const letters = globalThis.Intl?.Segmenter ? Array.from(new Intl.Segmenter().segment(name), (each) => each.segment) : [...name];
  const whole = make('bdi', { class: 'shortenable', dir: 'auto', title: name });
  if (letters.length <= 2 * kEndLetters) whole.append(make('span', {}, name));
  else whole.append(make('span', {}, letters.slice(0, -kEndLetters).join('')), make('span', {}, letters.slice(-kEndLetters).join('')));
  return whole;
};
export const quoted = (name) => {
  const isolated = make('bdi', {}, name);
  const whole = make('span', { class: 'quoted' }, '“', isolated, '”');
  return whole;
};

// `folder` is an address that ends in a slash.
export const addressOf = (folder, names) => folder + names.map(encodeURIComponent).join('/');
// Where a name is odd or no UTF-8, the address is what counts.
export const nameFrom = (address) => {
  const last = address.replace(/\/$/, '').split('/').pop();
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
};

// What is wrong with a name before the server is asked; '' for nothing.
export const complaintAbout = (name) => {
  if (!name) return 'A name is needed.';
  if (name === '.' || name === '..') return 'This name means something else to computers. Please choose another.';
  if (/[/\\\u0000-\u001f\u007f]/.test(name)) return 'A name can’t have slashes or line breaks in it.';
  return new TextEncoder().encode(name).length > 255 ? 'This name is too long.' : '';
};

// The server's own sentence, where it gave one.
const kUnreachable = 'The server can’t be reached. Is this device still connected?';
const sentences = {
  401: 'This wants a name and a password.',
  403: 'This is not allowed here.',
  404: 'It is no longer there.',
  409: 'It does not fit with what is there already.',
  423: 'Somebody else is working on it right now.',
  507: 'There is no room left.',
};
export const sentenceOf = (status, body) => {
  if (!status) return kUnreachable;
  try {
    const { error } = JSON.parse(body);
    if (typeof error === 'string' && error) return error;
  } catch {
    // Another server in between speaks another way.
  }
  return sentences[status] ?? `The server answered with ${status}.`;
};
// { status, sentence, body }: a request without progress, that never throws.
export const ask = async (method, address, headers = {}) => {
  try {
    const answer = await fetch(address, { method, headers: { Accept: 'application/json', ...headers }, cache: 'no-store' });
    const body = await answer.text();
    return { status: answer.status, body, sentence: answer.ok ? '' : sentenceOf(answer.status, body) };
  } catch {
    return { status: 0, body: '', sentence: kUnreachable };
  }
};

// Shows a dialog until it is closed, with what it was closed with; Escape and a press beside it close it with ''. The focus goes back where it
// was, by the browser.
export const show = (dialog) =>
  new Promise((resolve) => {
    dialog.addEventListener('mousedown', (event) => event.target === dialog && dialog.close(''));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.returnValue = '';
    dialog.showModal();
  });
let dialogs = 0;
export const dialogWith = (title, ...children) => {
  const heading = make('h2', { id: `dialog${++dialogs}` }, ...[title].flat());
  return make('dialog', { class: 'card', 'aria-labelledby': heading.id }, make('div', { class: 'inside' }, heading, ...children));
};

// What happens is said to who can't see it, politely: one sentence at a time.
const speaker = make('p', { id: 'said', role: 'status' });
export const say = (sentence) => {
  if (!speaker.isConnected) document.body.append(speaker);
  speaker.textContent = sentence;
};
