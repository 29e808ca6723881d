// The list after a change, as the server shows it now: rows that did not change stay, with what the visitor did to them. Order, filter, place and
// focus are kept.
const list = document.getElementById('entries');
const main = document.querySelector('main');

const linkIn = (item) => item.querySelector('a');
const stampOf = (item) => `${item.querySelector('data')?.value ?? ''} ${item.querySelector('time')?.dateTime ?? ''}`;

// The server's own element takes the place of ours, or comes where it belongs, or goes.
const swap = (fresh, selector, place) => {
  const [ours, theirs] = [document.querySelector(selector), fresh.querySelector(selector)];
  if (ours && theirs) ours.replaceWith(theirs);
  else if (theirs) place(theirs);
  else ours?.remove();
};

function fill(fresh) {
  const known = new Map([...list.children].map((item) => [linkIn(item).pathname, item]));
  const items = [...fresh.querySelectorAll('#entries > li')].map((item) => {
    const ours = known.get(linkIn(item).pathname);
    if (ours && ours.dataset.stamp === undefined) ours.dataset.stamp = stampOf(ours);
    item.dataset.stamp = stampOf(item);
    return ours?.dataset.stamp === item.dataset.stamp ? ours : item;
  });
  const top = scrollY;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  list.replaceChildren(...items);
  document.querySelector('#summary').replaceWith(fresh.querySelector('#summary'));
  swap(fresh, '.empty', (element) => list.after(element));
  swap(fresh, '#found', (element) => list.after(element));
  swap(fresh, '#readme', (element) => main.append(element));
  list.dispatchEvent(new Event('renewed'));
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  scrollTo(0, top);
}

let underWay = null;
let isAskedAgain = false;

async function renewNow() {
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: 'text/html' }, cache: 'no-cache' });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (fresh.getElementById('entries')) fill(fresh);
  } catch {
    // Out of reach for now: the next change renews it.
  }
}

// Once at a time; who asks meanwhile gets one that began after that.
export function renewList() {
  if (underWay) {
    isAskedAgain = true;
    return underWay.then(() => underWay ?? undefined);
  }
  underWay = renewNow().finally(() => {
    underWay = null;
    if (!isAskedAgain) return;
    isAskedAgain = false;
    renewList();
  });
  return underWay;
}

// While many things arrive: now and then.
const kEveryMs = 4000;
let timer = null;
export const renewSoon = () => {
  timer ??= setTimeout(() => {
    timer = null;
    renewList();
  }, kEveryMs);
};

export const itemAt = (address) => [...list.children].find((item) => linkIn(item).pathname === address);
export const items = () => [...list.children];
