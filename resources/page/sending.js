// One file -> PUT requests, in pieces that can be cut anywhere and continued. Knows nothing of other files or of the page.
import { sentenceOf } from './page_parts.js';

const kComparedBytes = 1024 * 1024;
const kPieceBytes = 8 * 1024 * 1024;
const kSilenceMs = 60_000; // no byte moved for so long: that connection is dead, whatever the system thinks of it
const kMostStandstills = 3;

const offsetIn = (xhr) => {
  const text = xhr.getResponseHeader('Upload-Offset');
  return /^\d+$/.test(text ?? '') ? Number(text) : null;
};
const patienceIn = (xhr) => {
  const seconds = Number(xhr.getResponseHeader('Retry-After') ?? NaN);
  return seconds >= 0 ? Math.min(seconds, 300) : null;
};

// XMLHttpRequest, since only it tells how much has been sent.
function put({ address, headers, body, signal, onSent }) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    let watch;
    const moved = () => {
      clearTimeout(watch);
      watch = setTimeout(abort, kSilenceMs);
    };
    xhr.open('PUT', address);
    for (const [name, value] of Object.entries({ Accept: 'application/json', ...headers })) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', (event) => (moved(), onSent?.(event.loaded)));
    xhr.addEventListener('loadend', () => {
      clearTimeout(watch);
      signal.removeEventListener('abort', abort);
      resolve({ status: xhr.status, offset: offsetIn(xhr), patience: patienceIn(xhr), sentence: sentenceOf(xhr.status, xhr.responseText) });
    });
    signal.addEventListener('abort', abort);
    moved();
    xhr.send(body);
  });
}

// A file that was changed, moved or taken away since it was chosen looks like a cut connection.
async function canBeRead(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

const kTroubleThatPasses = [408, 425, 429, 502, 503, 504];

// What a status other than success means: { kind: 'stopped' | 'cut' | 'exists' | 'full' | 'refused', sentence, patience }.
async function troubleOf(answer, file, signal) {
  if (signal.aborted) return { kind: 'stopped' };
  const { status, sentence, patience } = answer;
  if (status === 0 && !(await canBeRead(file))) return { kind: 'refused', sentence: 'The file was changed or moved since it was chosen. Please choose it again.' };
  if (status === 0 || kTroubleThatPasses.includes(status)) return { kind: 'cut', sentence: status ? sentence : 'The connection is lost.', patience };
  if (status === 412 || status === 409) return { kind: 'exists', status, sentence };
  return { kind: status === 507 ? 'full' : 'refused', sentence };
}

const isStored = (status) => status === 200 || status === 201 || status === 204;

async function sendWhole({ file, address, headers, signal, onProgress }) {
  const answer = await put({ address, headers, body: file, signal, onSent: onProgress });
  return isStored(answer.status) ? { kind: 'stored' } : troubleOf(answer, file, signal);
}

async function sendPieces({ file, address, headers, id, asksFirst, signal, onProgress }) {
  const total = file.size;
  const piece = (range, body, onSent) => put({ address, headers: { ...headers, 'Content-Range': `bytes ${range}/${total}`, 'Upload-Id': id }, body, signal, onSent });
  let at = asksFirst ? null : 0;
  for (let standstills = 0; ; ) {
    const end = at === null ? null : Math.min(at + kPieceBytes, total);
    const answer = await (at === null
      ? piece('*', null)
      : piece(`${at}-${end - 1}`, file.slice(at, end), (sent) => onProgress(Math.min(at + sent, end))));
    if (isStored(answer.status)) return { kind: 'stored' };
    const { status, offset } = answer;
    const isInstead = status === 409 && offset !== null;
    if (status !== 202 && !isInstead) return troubleOf(answer, file, signal);
    const next = offset ?? end ?? 0;
    // The last byte is there and the server still waits: it counts in another way, and only a limit ends that.
    if (next >= total || (at !== null && next <= at)) ++standstills;
    if (standstills > kMostStandstills) return { kind: 'refused', sentence: 'The server does not take this file on. Please try again later.' };
    at = next >= total ? 0 : next;
    onProgress(at);
  }
}

// request: { file, address, id, inPieces, asksFirst, onlyNew, signal, onProgress(bytes) }
// -> { kind: 'stored' } or what troubleOf() says. `inPieces` only for files that are not empty.
export function send(request) {
  const headers = request.onlyNew ? { 'If-None-Match': '*' } : {};
  return request.inPieces ? sendPieces({ ...request, headers }) : sendWhole({ ...request, headers });
}

// Whether what lies there is this very file, sent before: the answer was lost, and the request perhaps repeated by the browser on its own. Of files that
// came in pieces the server knows it; small ones are compared.
export async function isThere({ file, address, id }) {
  const { signal } = new AbortController();
  try {
    const headers = { 'Content-Range': `bytes */${file.size}`, 'Upload-Id': id };
    if (id && file.size && isStored((await put({ address, headers, body: null, signal })).status)) return true;
    if (file.size > kComparedBytes) return false;
    const answer = await fetch(address, { cache: 'no-store' });
    if (!answer.ok) return false;
    const [theirs, ours] = await Promise.all([answer.arrayBuffer(), file.arrayBuffer()].map(async (bytes) => new Uint8Array(await bytes)));
    return theirs.length === ours.length && theirs.every((byte, i) => byte === ours[i]);
  } catch {
    return false;
  }
}

// The server need not keep what was sent of a file that nobody wants any more.
export function giveUp(address, id) {
  return fetch(address, { method: 'DELETE', headers: { 'Upload-Id': id, Accept: 'application/json' }, keepalive: true }).catch(() => {});
}
