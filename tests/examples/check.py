#!/usr/bin/env python3
"""Compiles each example as C99 and as C++17 against an installed package, runs it, and asks it with real clients.

    check.py PREFIX [NAME…]
"""
import asyncio
import contextlib
import os
import shlex
import subprocess
import sys
import tempfile

import websockets

HERE = os.path.dirname(os.path.abspath(__file__))
LANGUAGES = {
    'c99': ['cc', '-std=c99', '-D_POSIX_C_SOURCE=200809L', '-x', 'c'],
    'cpp17': ['c++', '-std=c++17', '-x', 'c++'],
}
WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-O1']


def compile_example(name, language, flags, folder):
    program = os.path.join(folder, f'{name}-{language}')
    command = LANGUAGES[language] + WARNINGS + [os.path.join(HERE, f'{name}.c'), '-x', 'none'] + flags + ['-o', program]
    subprocess.run(command, check=True)
    return program


@contextlib.contextmanager
def serving(program, folder):
    """The program's address while it serves; it has to end by itself when it is told to."""
    process = subprocess.Popen([program], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        assert address.startswith('127.0.0.1:'), address
        yield address
        process.terminate()
        assert process.wait(10) == 0, f'{program} ended with {process.returncode}'
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def curl(address, path, *options):
    command = ['curl', '-sS', '--max-time', '20', *options, f'http://{address}{path}']
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def status(address, path, *options):
    return curl(address, path, '-o', os.devnull, '-w', '%{http_code}', *options)


def check_hello(address, folder):
    assert curl(address, '/a%20b') == 'Hello! You asked for /a b\n'


def check_form_post(address, folder):
    assert '<form' in curl(address, '/')
    assert curl(address, '/sum', '--data-urlencode', 'a=1.5', '--data-urlencode', 'b=+2') == '3.5\n'
    assert curl(address, '/sum?a=1&b=2') == '3\n'
    assert status(address, '/sum', '-d', 'a=1') == '400'
    assert status(address, '/other') == '404'


def check_file_upload(address, folder):
    content = bytes(range(256)) * 4000
    path = os.path.join(folder, 'binary.dat')
    with open(path, 'wb') as file:
        file.write(content)
    total = 0
    for byte in content:
        total = (total * 31 + byte) & 0xFFFFFFFF
    told = curl(address, '/', '-F', 'word=hello', '-F', f'f=@{path}')
    assert told == f'word: (no file), 5 bytes, sum 05e918d2\nf: binary.dat, {len(content)} bytes, sum {total:08x}\n', told
    with open(path, 'wb') as file:
        file.truncate(20_000_000)
    assert status(address, '/', '-F', f'f=@{path}') == '413'


def check_digest_login(address, folder):
    assert curl(address, '/public') == 'This is /public\n'
    assert status(address, '/private') == '401'
    assert status(address, '/private', '--digest', '-u', 'ana:wrong') == '401'
    assert curl(address, '/private', '--digest', '-u', 'ana:secret') == 'This is /private\n'


def check_chat(address, folder):
    assert 'WebSocket' in curl(address, '/')

    async def talk():
        async with websockets.connect(f'ws://{address}/room') as one, websockets.connect(f'ws://{address}/room') as two:
            await one.send('good morning')
            heard = [await asyncio.wait_for(room.recv(), 10) for room in (one, two)]
            assert heard[0] == heard[1] and heard[0].endswith(' says good morning'), heard

    asyncio.run(talk())


def resident_kib(pid):
    with open(f'/proc/{pid}/status') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmRSS'))


def check_streaming(address, folder):
    command = f'curl -sS --max-time 20 http://{address}/ | head -c 20000000'
    lines = subprocess.run(command, shell=True, capture_output=True, text=True).stdout.split('\n')[:-1]
    assert lines == [f'line {number}' for number in range(len(lines))] and len(lines) > 1_000_000
    # Who asks for the head alone keeps nobody else waiting.
    head = subprocess.run(['curl', '-sSI', '--max-time', '2', f'http://{address}/'], capture_output=True, text=True).stdout
    assert head.startswith('HTTP/1.1 200'), head
    first = subprocess.run(f'curl -sS --max-time 20 http://{address}/ | head -n 1', shell=True, capture_output=True, text=True)
    assert first.stdout == 'line 0\n', first.stdout
    # A client that does not read costs no more than what may wait.
    pid = int(subprocess.run(['pgrep', '-n', '-f', 'streaming-(c99|cpp17)$'], capture_output=True, text=True).stdout)
    with subprocess.Popen(['curl', '-sS', '--limit-rate', '1k', f'http://{address}/'], stdout=subprocess.DEVNULL) as slow:
        with contextlib.suppress(subprocess.TimeoutExpired):
            slow.wait(1)
        slow.kill()
    assert resident_kib(pid) < 20_000, resident_kib(pid)


def check_cores(address, folder):
    answers = {curl(address, '/') for _ in range(60)}
    assert answers <= {f'server {number}\n' for number in range(4)} and len(answers) > 1, answers


def check_client(program, hello, folder):
    with serving(hello, folder) as address:
        host, port = address.split(':')
        said = subprocess.run([program, host, port, '/one', '/two'], capture_output=True, text=True, timeout=20)
    assert said.returncode == 0, said
    assert said.stdout == '200, 26 bytes\nHello! You asked for /one\n200, 26 bytes\nHello! You asked for /two\n', said.stdout
    nobody = subprocess.run([program, host, port, '/'], capture_output=True, text=True, timeout=20)
    assert nobody.returncode == 1 and 'refused' in nobody.stderr, nobody


SERVERS = {name[len('check_'):]: check for name, check in list(globals().items()) if name.startswith('check_') and name != 'check_client'}


def main():
    prefix, *names = sys.argv[1:]
    environment = dict(os.environ, PKG_CONFIG_PATH=os.path.join(prefix, 'lib/pkgconfig'))
    flags = shlex.split(subprocess.run(['pkg-config', '--cflags', '--static', '--libs', 'mongoose'], env=environment, check=True,
                                       capture_output=True, text=True).stdout)
    with tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            for name in names or [*SERVERS, 'client']:
                program = compile_example(name, language, flags, folder)
                if name == 'client':
                    check_client(program, compile_example('hello', language, flags, folder), folder)
                else:
                    with serving(program, folder) as address:
                        SERVERS[name](address, folder)
                print(f'{name} as {language}: good')


main()
