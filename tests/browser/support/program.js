// The real meerkatd, serving a folder on a port of 127.0.0.1 that the system picks.
'use strict';
const { spawn } = require('node:child_process');
const readline = require('node:readline');

// { origin, end() }; rejects with what the program said if it does not listen.
function startProgram(folder, options = []) {
  const child = spawn(process.env.MEERKAT_PROGRAM, ['-listening_port', '127.0.0.1:0', '-document_root', folder, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const end = async () => {
    child.kill('SIGTERM');
    const status = await ended;
    if (status !== 0) throw new Error(`meerkatd ended with ${status}: ${complaint}`);
  };
  return new Promise((resolve, reject) => {
    readline.createInterface(child.stdout).on('line', (line) => {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (address) resolve({ origin: address[0], end });
    });
    child.once('error', reject);
    ended.then((status) => reject(new Error(`meerkatd ended with ${status}: ${complaint}`)));
  });
}

module.exports = { startProgram };
