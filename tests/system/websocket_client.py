#!/usr/bin/env python3
"""Talks to a WebSocket server that sends every text and binary message back, with two clients that are not ours.

  python3 websocket_client.py PORT [PATH]

The server knows the subprotocol "chat" and agrees on permessage-deflate. Exit status 0 if all went as RFC 6455 and RFC 7692 say; else the
first thing that did not is named on stderr.
"""
import asyncio
import os
import random
import sys

import websocket
import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

URL = f'ws://127.0.0.1:{sys.argv[1]}{sys.argv[2] if len(sys.argv) > 2 else "/"}'
SIZES = [0, 1, 125, 126, 127, 4096, 65535, 65536, 300_000]
WORDS = 'meerkat gräbt Löcher 😀 und schaut '


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def text_of(size):
    return (WORDS * (size // len(WORDS) + 1))[:size]


def deflate(**options):
    return {'compression': None, 'extensions': [ClientPerMessageDeflateFactory(**options)]}


OFFERS = {
    'no compression': {'compression': None},
    'the default offer': {},
    'no takeover': deflate(server_no_context_takeover=True, client_no_context_takeover=True),
    'a client window of 10 bits': deflate(client_max_window_bits=10),
    **{f'a server window of {bits} bits': deflate(server_max_window_bits=bits) for bits in (8, 9, 12, 15)},
}


async def echoes(name, options):
    async with websockets.connect(URL, max_size=None, **options) as ws:
        check(bool(ws.extensions) == (name != 'no compression'), f'{name}: compression is agreed on where it was offered')
        for size in SIZES:
            for message in (text_of(size), os.urandom(size), bytes(size)):
                await ws.send(message)
                check(await ws.recv() == message, f'{name}: {size} bytes come back as they were')
        await ws.send([text_of(700), text_of(1), text_of(20_000)])
        check(await ws.recv() == text_of(700) + text_of(1) + text_of(20_000), f'{name}: fragments come back joined')
        await asyncio.wait_for(await ws.ping(b'beat'), 10)
        messages = [os.urandom(random.randrange(2000)) for _ in range(500)]
        for message in messages:
            await ws.send(message)
        for message in messages:
            check(await ws.recv() == message, f'{name}: five hundred at once come back in order')


async def subprotocols():
    async with websockets.connect(URL, subprotocols=['soap', 'chat']) as ws:
        check(ws.subprotocol == 'chat', 'the first subprotocol that the server knows is chosen')
    async with websockets.connect(URL, subprotocols=['soap']) as ws:
        check(ws.subprotocol is None, 'none is chosen where none is known')


async def closing():
    for code in (1000, 1001, 3000, 4999):
        ws = await websockets.connect(URL)
        await ws.close(code, 'bye')
        check(ws.close_code == code, f'{code} is echoed')


def other_client():
    """python3-websocket, which offers no compression and answers by itself."""
    ws = websocket.create_connection(URL, timeout=10)
    for size in SIZES:
        ws.send(text_of(size))
        check(ws.recv() == text_of(size), f'{size} bytes of text come back to the other client')
        ws.send_binary(b'x' * size)
        check(ws.recv() == b'x' * size, f'{size} bytes come back to the other client')
    ws.ping('beat')
    check(ws.recv_data(control_frame=True) == (websocket.ABNF.OPCODE_PONG, b'beat'), 'a ping is answered')
    ws.send_frame(websocket.ABNF.create_frame(b'\xff\xfe', websocket.ABNF.OPCODE_TEXT))
    opcode, payload = ws.recv_data(control_frame=True)
    check(opcode == websocket.ABNF.OPCODE_CLOSE and payload[:2] == (1007).to_bytes(2, 'big'), 'text that is no UTF-8 ends with 1007')


async def main():
    for name, options in OFFERS.items():
        await asyncio.wait_for(echoes(name, options), 60)
    await asyncio.wait_for(subprotocols(), 20)
    await asyncio.wait_for(closing(), 20)


if __name__ == '__main__':
    asyncio.run(main())
    other_client()
    print('all of it')
