// A way to the server that can be cut: connections through it end when it is told, or after so many bytes on their way up.
'use strict';
const net = require('node:net');

// { origin, sent(): bytes that went up, cutAfter(bytes), loseAnswer(): of the next PUT, cut(), heal(), slowDown(ms), leadTo(origin), end() }
async function startProxy(target) {
  let port = Number(new URL(target).port);
  let up = 0;
  let left = Infinity;
  let isCut = false;
  let waitMs = 0;
  let isLosing = false;
  const open = new Set();
  const cutAll = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  const server = net.createServer((visitor) => {
    if (isCut) return visitor.destroy();
    const onward = net.connect(port, '127.0.0.1');
    for (const [socket, other] of [[visitor, onward], [onward, visitor]]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (open.delete(socket), other.destroy()));
    }
    let isLost = false;
    onward.on('data', (bytes) => (isLost ? visitor.destroy() : visitor.write(bytes)));
    visitor.on('data', (bytes) => {
      up += bytes.length;
      left -= bytes.length;
      onward.write(bytes);
      if (isLosing && bytes.includes('PUT ')) [isLost, isLosing] = [true, false];
      if (left <= 0) return cutAll();
      if (!waitMs) return;
      visitor.pause();
      setTimeout(() => visitor.resume(), waitMs);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    sent: () => up,
    cut: cutAll,
    loseAnswer: () => (isLosing = true),
    cutAfter: (bytes) => (left = bytes),
    heal: () => ((isCut = false), (left = Infinity)),
    // Some milliseconds between two reads, so that there is time to look.
    slowDown: (ms) => (waitMs = ms),
    leadTo: (origin) => (port = Number(new URL(origin).port)),
    end: () => (cutAll(), new Promise((resolve) => server.close(resolve))),
  };
}

module.exports = { startProxy };
