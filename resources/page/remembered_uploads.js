// Under which name the server keeps the beginning of a file that was cut: lasts over a reload and a restart of the browser, for a day as there.
const kPrefix = 'meerkat-upload:';
const kSilentMs = 20_000;
const kDayMs = 24 * 60 * 60 * 1000;

const keyOf = (address, file) => `${kPrefix}${address}|${file.size}|${file.lastModified}`;

// Storage may be forbidden, full, or changed by somebody else's hand: then an upload only begins from its start.
const read = (key) => {
  try {
    const { id, when, isUnderWay } = JSON.parse(localStorage.getItem(key));
    return /^[\w-]{8,64}$/.test(id) && Date.now() - when < kDayMs ? { id, when, isUnderWay } : null;
  } catch {
    return null;
  }
};

export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export const rememberedId = (address, file) => read(keyOf(address, file))?.id;
// Said again at least every few seconds while it is under way, so that another window does not take it for one that was cut.
export const remember = (address, file, id, isUnderWay) => {
  try {
    localStorage.setItem(keyOf(address, file), JSON.stringify({ id, when: Date.now(), isUnderWay }));
  } catch {
    // As above.
  }
};
export const forget = (key) => {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
};
export const forgetFile = (address, file) => forget(keyOf(address, file));

// Those that were cut on their way into this folder or below: [{ key, address, size, id }].
export const cutUploads = (folder) => {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(kPrefix)) continue;
      const kept = read(key);
      const [, address, size] = /^(.*)\|(\d+)\|\d+$/.exec(key.slice(kPrefix.length)) ?? [];
      if (!kept || !address) forget(key);
      else if (address.startsWith(folder) && !(kept.isUnderWay && Date.now() - kept.when < kSilentMs)) found.push({ key, address, size: Number(size), id: kept.id });
    }
  } catch {
    // As above.
  }
  return found;
};
