// What was dropped or chosen -> files and folders, one after the other while they are found. Each is { names, file } or { names, isFolder } or,
// where this device does not let it be read, { names, trouble }. `names` leads from the folder of the page to the item.

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
const someOf = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

async function* within(entry, above) {
  const names = [...above, entry.name];
  try {
    if (entry.isFile) return yield { names, file: await fileOf(entry) };
    yield { names, isFolder: true };
    const reader = entry.createReader();
    // A browser gives a hundred at a time, and none at the end.
    for (let some; (some = await someOf(reader)).length; ) for (const each of some) yield* within(each, names);
  } catch {
    yield { names, trouble: 'This can’t be read on this device.' };
  }
}

async function* those(entries, above) {
  for (const entry of entries) {
    if (entry instanceof File) yield { names: [...above, entry.name], file: entry };
    else yield* within(entry, above);
  }
}

// To be called while the event is on its way: later the browser has put away what was dropped.
export function itemsDropped(transfer, above = []) {
  const entries = [...transfer.items].filter((item) => item.kind === 'file').map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  return those(entries.filter(Boolean), above);
}

// Of an <input type="file">; a chosen folder brings the way to each file, but not its empty folders.
export async function* itemsChosen(files, above = []) {
  for (const file of files) yield { names: [...above, ...(file.webkitRelativePath || file.name).split('/')], file };
}
