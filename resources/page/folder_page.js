// What the page can do beyond its links: filter, sort without a load, show times as the visitor writes them.
'use strict';
(() => {
  const list = document.getElementById('entries');
  if (!list) return;
  const filter = document.getElementById('filter');
  const shown = document.getElementById('shown');
  const sortLinks = [...document.querySelectorAll('#sort a')];
  const foldable = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  const rowOf = (item) => {
    const link = item.querySelector('a');
    const time = item.querySelector('time');
    const isFolder = link.classList.contains('folder');
    const name = link.firstElementChild.textContent;
    const size = isFolder ? 0 : Number(item.querySelector('data').value);
    return { item, link, time, isFolder, name, size, when: Date.parse(time.dateTime) };
  };
  let rows = [...list.children].map(rowOf);

  // A few at a time: ten thousand of them in one go would hold up the first touch.
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const localise = (some) => {
    for (const row of some.splice(0, 500)) row.time.textContent = format.format(row.when);
    if (some.length) setTimeout(localise, 0, some);
  };
  const localiseAll = () => {
    document.querySelector('.utc')?.remove();
    localise([...rows]);
  };

  // The same order as the server's: runs of digits as numbers, ASCII letters in any case, then as they are. A number is written as its
  // length and then its digits, so that whole keys compare as plain text.
  const number = (digits) => {
    const significant = digits.replace(/^0+/, '');
    return '0' + String.fromCharCode(significant.length) + significant;
  };
  const keyOf = (name) => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replace(/[0-9]+/g, number);
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const compareNames = (a, b) => compare((a.key ??= keyOf(a.name)), (b.key ??= keyOf(b.name))) || compare(a.name, b.name);
  const comparators = { name: compareNames, size: (a, b) => a.size - b.size, time: (a, b) => a.when - b.when };

  // Taken off the screen while its items move, come and go: else ten thousand of them take seconds.
  const offScreen = (change) => {
    const top = scrollY;
    list.hidden = true;
    list.getBoundingClientRect();
    change();
    list.querySelector('.first')?.classList.remove('first');
    const first = rows.find((row) => !row.item.hidden);
    first?.item.classList.add('first');
    list.hidden = !first;
    scrollTo(0, top);
  };

  const refill = () => {
    list.replaceChildren();
    for (let i = 0; i < rows.length; i += 1000) list.append(...rows.slice(i, i + 1000).map((row) => row.item));
  };

  const sortBy = (key, descending) => {
    const sign = descending ? -1 : 1;
    rows.sort((a, b) => b.isFolder - a.isFolder || sign * comparators[key](a, b) || compareNames(a, b));
    offScreen(refill);
  };

  const queryOf = (key, descending) => `?sort=${key}&order=${descending ? 'desc' : 'asc'}`;

  const showOrder = (key, descending) => {
    for (const link of sortLinks) {
      const isCurrent = link.dataset.key === key;
      link.search = queryOf(link.dataset.key, isCurrent ? !descending : link.dataset.key !== 'name');
      link.querySelector('[role=img]')?.remove();
      link.removeAttribute('aria-current');
      if (!isCurrent) continue;
      link.setAttribute('aria-current', 'true');
      const arrow = document.createElement('span');
      arrow.setAttribute('role', 'img');
      arrow.setAttribute('aria-label', descending ? 'descending' : 'ascending');
      arrow.textContent = descending ? ' ↓' : ' ↑';
      link.append(arrow);
    }
    // Folders opened from here keep the order, as they do when the server sorted.
    const query = key === 'name' && !descending ? '' : queryOf(key, descending);
    for (const link of document.querySelectorAll('#path a, #up a, #entries a.folder')) link.search = query;
    history.replaceState(null, '', query || location.pathname);
  };

  for (const link of sortLinks) {
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const asked = new URLSearchParams(link.search);
      const isDescending = asked.get('order') === 'desc';
      sortBy(link.dataset.key, isDescending);
      showOrder(link.dataset.key, isDescending);
    });
  }

  // On a page of what was found the box is for the next search.
  if (!sortLinks.length) return localiseAll();
  const showMatches = () => {
    const words = foldable(filter.value).split(/\s+/).filter(Boolean);
    const matches = (row) => words.every((word) => (row.folded ??= foldable(row.name)).includes(word));
    offScreen(() => rows.forEach((row) => (row.item.hidden = !matches(row))));
    const count = rows.filter((row) => !row.item.hidden).length;
    const grouped = (number) => number.toLocaleString('en');
    shown.textContent = !words.length ? '' : count ? `${grouped(count)} of ${grouped(rows.length)} shown` : 'Nothing here has such a name.';
  };

  filter.placeholder = 'Filter; Enter searches below';
  filter.setAttribute('aria-label', 'Filter by name; Enter searches the folders below too');
  filter.addEventListener('input', showMatches);
  if (filter.value) showMatches();
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.target.closest('input, dialog') && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      filter.focus();
    }
    if (event.key === 'Escape' && event.target === filter) {
      if (!filter.value) filter.blur();
      filter.value = '';
      showMatches();
    }
  });

  // What lies here has changed, and the list with it, in the order that is shown.
  list.addEventListener('renewed', () => {
    const known = new Map(rows.map((row) => [row.item, row]));
    rows = [...list.children].map((item) => known.get(item) ?? rowOf(item));
    localise(rows.filter((row) => !known.has(row.item)));
    showMatches();
  });

  localiseAll();
})();
