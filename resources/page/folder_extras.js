// What a visitor can do with what lies in the folder: look through pictures, listen and watch without leaving the page, pick what to download.
'use strict';
(() => {
  const list = document.getElementById('entries');
  if (!list) return;
  const links = () => [...list.querySelectorAll('li:not([hidden]) > a:first-of-type')];
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const button = (id, label, action) => {
    const element = make('button', { type: 'button', id, class: 'button quiet' }, label);
    element.addEventListener('click', action);
    return element;
  };
  const nameOf = (link) => link.querySelector('bdi').textContent;

  // ---- the viewer ----

  const kindOf = (link) => ['image', 'audio', 'video'].find((kind) => link.classList.contains(kind));
  const shownLinks = () => links().filter(kindOf);
  const stage = make('div', { id: 'stage' });
  const title = make('p', { id: 'viewed', 'aria-live': 'polite' });
  const download = make('a', { class: 'button quiet', download: '' }, 'Download');
  const previous = make('button', { type: 'button', class: 'turn', id: 'previous', 'aria-label': 'Previous' }, '‹');
  const next = make('button', { type: 'button', class: 'turn', id: 'next', 'aria-label': 'Next' }, '›');
  const close = button('close', 'Close', () => viewer.close());
  const viewer = make('dialog', { id: 'viewer', 'aria-label': 'Viewer' }, make('header', {}, title, download, close), previous, stage, next);
  let viewed = null;

  const mediumFor = (link) => {
    const kind = kindOf(link);
    if (kind === 'image') return make('img', { src: link.href, alt: nameOf(link) });
    return make(kind, { src: link.href, controls: '', autoplay: '', playsinline: '', 'aria-label': nameOf(link) });
  };
  const failed = (link) => {
    stage.replaceChildren(make('p', {}, 'This browser can’t show it. ', make('a', { href: link.href }, 'Open the file itself')));
  };
  const neighbour = (step) => {
    const all = shownLinks();
    return all[(all.indexOf(viewed) + step + all.length) % all.length];
  };
  const view = (link) => {
    viewed = link;
    const medium = mediumFor(link);
    medium.addEventListener('error', () => failed(link));
    stage.replaceChildren(medium);
    const all = shownLinks();
    const place = make('span', {}, `${(all.indexOf(link) + 1).toLocaleString('en')} of ${all.length.toLocaleString('en')}`);
    title.replaceChildren(make('bdi', {}, nameOf(link)), ' ', place);
    download.href = link.href;
    previous.hidden = next.hidden = all.length < 2;
    // The next picture is there before it is asked for.
    if (all.length > 1 && kindOf(neighbour(1)) === 'image') new Image().src = neighbour(1).href;
  };
  const open = (link) => {
    if (!viewer.isConnected) document.body.append(viewer);
    view(link);
    viewer.showModal();
    // The way back on a phone closes the viewer, not the folder.
    history.pushState({ viewer: true }, '');
  };
  previous.addEventListener('click', () => view(neighbour(-1)));
  next.addEventListener('click', () => view(neighbour(1)));
  viewer.addEventListener('close', () => {
    stage.replaceChildren();
    if (history.state?.viewer) history.back();
    viewed?.focus();
  });
  addEventListener('popstate', () => viewer.open && viewer.close());
  viewer.addEventListener('keydown', (event) => {
    if (event.target.controls || event.altKey || event.ctrlKey || event.metaKey) return;
    const isMirrored = getComputedStyle(viewer).direction === 'rtl';
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && shownLinks().length > 1) view(neighbour(isMirrored ? -step : step));
  });
  let touchedAt = null;
  stage.addEventListener('touchstart', (event) => (touchedAt = event.touches.length === 1 ? event.touches[0].clientX : null), { passive: true });
  stage.addEventListener('touchend', (event) => {
    const moved = touchedAt === null ? 0 : event.changedTouches[0].clientX - touchedAt;
    if (Math.abs(moved) > 60 && shownLinks().length > 1) view(neighbour(moved < 0 ? 1 : -1));
  });

  list.addEventListener('click', (event) => {
    const link = event.target.closest('#entries > li > a:not(.more)');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (list.classList.contains('picking')) {
      event.preventDefault();
      return toggle(link.parentElement);
    }
    if (!kindOf(link) || !viewer.showModal) return;
    event.preventDefault();
    open(link);
  });

  // ---- thumbnails ----

  const showThumbnails = (isOn) => {
    list.classList.toggle('gallery', isOn);
    gallery.setAttribute('aria-pressed', isOn);
    if (!isOn) return;
    for (const link of list.querySelectorAll('a.image')) {
      if (link.querySelector('img')) continue;
      const picture = make('img', { src: link.href, alt: '', loading: 'lazy', decoding: 'async' });
      picture.addEventListener('error', () => picture.remove());
      link.prepend(picture);
    }
  };
  const gallery = button('gallery', 'Gallery', () => showThumbnails(!list.classList.contains('gallery')));
  gallery.setAttribute('aria-pressed', 'false');

  // ---- picking ----

  const kLongestAddress = 7000; // characters that every server on the way takes
  const archive = document.getElementById('archive');
  const picked = new Set();
  const boxOf = (item) => item.querySelector('input');
  const showPicked = () => {
    const names = [...picked].map((item) => `&name=${encodeURIComponent(nameOf(item.querySelector('a')))}`).join('');
    const isTooLong = location.pathname.length + names.length > kLongestAddress;
    archive.textContent = !picked.size ? 'Download all' : isTooLong ? 'Too many: download all' : `Download ${picked.size} picked`;
    archive.href = picked.size && !isTooLong ? `?zip${names}` : '?zip';
    list.dispatchEvent(new Event('picked'));
  };
  const toggle = (item, isOn = !picked.has(item)) => {
    isOn ? picked.add(item) : picked.delete(item);
    boxOf(item).checked = isOn;
    showPicked();
  };
  const showBox = (item, isOn) => {
    if (!isOn) return boxOf(item)?.remove();
    if (boxOf(item)) return;
    const box = make('input', { type: 'checkbox', 'aria-label': nameOf(item.querySelector('a')) });
    box.addEventListener('change', () => toggle(item, box.checked));
    item.prepend(box);
  };
  const startPicking = (isOn) => {
    list.classList.toggle('picking', isOn);
    select.setAttribute('aria-pressed', isOn);
    for (const item of list.children) showBox(item, isOn);
    picked.clear();
    showPicked();
  };
  const select = button('select', 'Select', () => startPicking(!list.classList.contains('picking')));
  select.setAttribute('aria-pressed', 'false');

  const offerGallery = () => {
    if (archive && !gallery.isConnected && list.querySelector('a.image')) archive.parentElement.prepend(gallery);
  };
  offerGallery();
  archive?.before(select);

  // What lies here has changed, and the list with it.
  list.addEventListener('renewed', () => {
    offerGallery();
    if (list.classList.contains('gallery')) showThumbnails(true);
    for (const item of picked) if (!item.isConnected) picked.delete(item);
    if (!list.classList.contains('picking')) return;
    for (const item of list.children) showBox(item, true);
    showPicked();
  });

  // ---- the keyboard ----

  // Down and up go from row to row; the rest is the browser's.
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || viewer.open) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isInList = list.contains(document.activeElement);
    const isAbove = document.activeElement.id === 'filter' && event.key === 'ArrowDown';
    if (!step || !(isInList || isAbove)) return;
    const all = links();
    const at = all.indexOf(document.activeElement.closest('li')?.querySelector('a'));
    const target = all[at + step];
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
})();
