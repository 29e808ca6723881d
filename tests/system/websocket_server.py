#!/usr/bin/env python3
"""A WebSocket server that is not ours: sends every message back, on a port of the loopback that the system picks and that it prints.

  python3 websocket_server.py

A text "close N" makes it close with that code, "ping" makes it ping and answer "ponged" when the pong is there. Ends when stdin does.
"""
import asyncio
import sys

import websockets


async def serve(ws):
    async for message in ws:
        if isinstance(message, str) and message.startswith('close '):
            await ws.close(int(message[6:]), 'as you wish')
        elif message == 'ping':
            await asyncio.wait_for(await ws.ping(b'beat'), 10)
            await ws.send('ponged')
        elif message == 'fragments':
            await ws.send(['frag', 'ments', ' joined'])
        else:
            await ws.send(message)


async def main():
    async with websockets.serve(serve, '127.0.0.1', 0, subprotocols=['chat'], max_size=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == '__main__':
    asyncio.run(main())
