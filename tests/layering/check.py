#!/usr/bin/env python3
"""Reads every #include line and every operating system #if of the tree and names those that DESIGN.md does not allow.

  python3 tests/layering/check.py --qt-headers DIR [ROOT]

DIR is the folder that holds QtCore/, QtNetwork/ and so on. Prints `file:line: what is wrong` for each finding; exit status 1 if
there is one. The rules are the tables below.
"""
import argparse
import pathlib
import re
import sys

# Engine rooms, lowest first. A room may include itself and rooms of a lower floor; rooms of one floor do not know each other.
ENGINE_FLOORS = [['base'], ['os'], ['net'], ['http'], ['websocket', 'access'], ['files', 'dav', 'scripts'], ['server'], ['api']]
FLOOR = {room: height for height, rooms in enumerate(ENGINE_FLOORS) for room in rooms}

# Rooms that may see the public header: those that fill its structs or are called through it.
SEES_THE_DOOR = {'http', 'server', 'api', 'app', 'app/console', 'app/desktop', 'app/main_desktop'}

# The front ends: which rooms each may include besides itself.
FRONT_ARROWS = {
    'app/console': set(),                   # what meerkatd is made of
    'app': {'app/console'},
    'app/desktop': {'app', 'app/console'},  # desktop_linux.cpp and its siblings
    'ui/models': {'app', 'app/console'},
    'ui': {'ui/models', 'app', 'app/console'},
    'app/main_desktop': {'ui', 'ui/models', 'app', 'app/console'},
}

# The Qt modules each room may use; None stands for all of them.
QT_MODULES = {
    'app/console': [],
    'app': ['QtCore', 'QtNetwork'],
    'app/desktop': None,
    'ui/models': ['QtCore'],
    'ui': None,
    'app/main_desktop': None,
}

# Files of app/ that meerkatd is built from, by stem: they know no Qt.
CONSOLE_STEMS = {'messages', 'message_queue', 'engine_thread', 'engine_loop', 'engine_sight', 'traffic_history', 'option_catalog', 'serving_settings', 'utf8_path', 'command_line', 'option_help', 'console',
                 'websocket_desk', 'websocket_messages', 'console_posix', 'console_windows', 'main_console', 'port_holder', 'port_holder_linux', 'port_holder_macos',
                 'port_holder_windows'}

# The public header is read by other people's compilers, so the export keyword is chosen in it.
SYSTEM_CONDITIONS_ALLOWED = ('engine/os/', 'app/desktop_', 'engine/include/mongoose.h')
# Files of one system, picked whole by the build, name that system's headers.
SYSTEM_HEADERS_ALLOWED = ('engine/os/', 'app/desktop_', 'app/console_', 'app/port_holder_')

# Made by the build, so no file in the tree.
GENERATED = re.compile(r'(^|/)(moc_\w+\.cpp|\w+\.moc|ui_\w+\.h|page_assets\.h|version\.h)$')

INCLUDE = re.compile(r'^\s*#\s*(?:include|import)\s*([<"])([^>"]+)[>"]')
CONDITION = re.compile(r'^\s*#\s*(?:if|ifdef|ifndef|elif|elifdef|elifndef)\b(.*)')
SYSTEM_MACRO = re.compile(r'\b(_?WIN32|_?WIN64|__WIN32__|__MINGW\w+|__CYGWIN__|__linux(?:__)?|linux|__APPLE__|__MACH__|__unix(?:__)?|__ANDROID__'
                          r'|__(?:Free|Net|Open)BSD__|__DragonFly__|__sun|Q_OS_\w+|TARGET_OS_\w+)\b')
SYSTEM_HEADER = re.compile(r'^(sys/|netinet/|arpa/|linux/|mach/|CoreFoundation/|unistd\.h|fcntl\.h|poll\.h|netdb\.h|dirent\.h|pwd\.h|grp\.h'
                           r'|ifaddrs\.h|net/if|dlfcn\.h|pthread\.h|sched\.h|spawn\.h|termios\.h|syslog\.h|windows\.h|winsock2?\.h|ws2tcpip\.h|mswsock\.h'
                           r'|afunix\.h|io\.h|direct\.h|process\.h|shlobj\.h|shellapi\.h)', re.IGNORECASE)
SOURCES = ('.h', '.hpp', '.c', '.cpp', '.mm')


def room_of(path):
    """The room of a file by its path in the tree, or None where no rule is known."""
    parts = path.split('/')
    if parts[0] == 'engine' and len(parts) > 2:
        return 'door' if parts[1] == 'include' else parts[1]
    if parts[0] == 'ui':
        return 'ui/models' if parts[1] == 'models' else 'ui'
    if parts[0] == 'app' and len(parts) == 2:
        stem = pathlib.PurePosixPath(parts[1]).stem
        if stem == 'main_desktop':
            return 'app/main_desktop'
        if stem.startswith('desktop_'):
            return 'app/desktop'
        return 'app/console' if stem in CONSOLE_STEMS else 'app'
    return None


def resolve(root, including, target):
    """The path in the tree that a quoted include means, or None."""
    for candidate in (f'engine/{target}', f'engine/include/{target}', target, f'{including.rpartition("/")[0]}/{target}'):
        if (root / candidate).is_file():
            return pathlib.PurePosixPath(candidate).as_posix()
    return None


def qt_module_of(qt_headers, target):
    """The Qt module a header belongs to, or None if it is no Qt header."""
    if '/' in target:
        module = target.split('/')[0]
        return module if re.match(r'Qt[A-Z]', module) else None
    if not re.match(r'(Q[A-Z]|Qt|q[a-z]\w*\.h)', target):
        return None
    for folder in sorted(qt_headers.glob('Qt*')):
        if (folder / target).exists():
            return folder.name
    return 'unknown module of Qt' if target.startswith('Q') else None


def wrong_arrow(room, other):
    """Why `room` may not include `other`, or None if it may."""
    if room == other:
        return None
    if other == 'door':
        return None if room in SEES_THE_DOOR else f'{room} may not see mongoose.h'
    if room in FLOOR and other in FLOOR and FLOOR[other] < FLOOR[room]:
        return None
    if room in FRONT_ARROWS and other in FRONT_ARROWS[room]:
        return None
    return f'{room} may not include {other}'


def wrong_qt(room, module):
    """Why `room` may not use a Qt module, or None if it may."""
    if room in FLOOR or room == 'door':
        return f'no Qt in the engine ({module})'
    allowed = QT_MODULES[room]
    if allowed is None or module in allowed:
        return None
    return f'{room} may not use {module}'


def wrong_include(root, qt_headers, path, room, bracket, target):
    """What is wrong with one #include, or None."""
    module = qt_module_of(qt_headers, target)
    if module:
        return wrong_qt(room, module)
    if bracket == '<':
        if SYSTEM_HEADER.match(target) and not path.startswith(SYSTEM_HEADERS_ALLOWED):
            return f'<{target}> is the operating system\'s: it belongs into engine/os, app/console_* or app/desktop_*'
        return wrong_arrow(room, 'door') if target == 'mongoose.h' else None
    if GENERATED.search(target):
        return None
    found = resolve(root, path, target)
    if found is None:
        return f'"{target}" is no file of this tree'
    other = room_of(found)
    return wrong_arrow(room, other) if other else f'"{target}" has no room in DESIGN.md'


def findings_in(root, qt_headers, path):
    """(line number, what is wrong) for one file."""
    room = room_of(path)
    if room is None or (room not in FLOOR and room not in FRONT_ARROWS and room != 'door'):
        yield 1, 'this folder has no room in DESIGN.md'
        return
    for number, line in enumerate((root / path).read_text(encoding='utf-8', errors='replace').splitlines(), 1):
        include = INCLUDE.match(line)
        if include:
            wrong = wrong_include(root, qt_headers, path, room, *include.groups())
            if wrong:
                yield number, wrong
        condition = CONDITION.match(line)
        macro = condition and SYSTEM_MACRO.search(condition.group(1))
        if macro and not path.startswith(SYSTEM_CONDITIONS_ALLOWED):
            yield number, f'#if for an operating system ({macro.group(0)}) outside engine/os and app/desktop_*'


def all_findings(root, qt_headers):
    """(path, line number, what is wrong) for the whole tree, and how many files were read."""
    files = [file for top in ('engine', 'app', 'ui') for file in sorted((root / top).rglob('*')) if file.suffix in SOURCES]
    findings = []
    for file in files:
        path = file.relative_to(root).as_posix()
        findings += [(path, number, text) for number, text in findings_in(root, qt_headers, path)]
    return findings, len(files)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--qt-headers', required=True, type=pathlib.Path)
    parser.add_argument('root', nargs='?', type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    arguments = parser.parse_args()
    if not (arguments.qt_headers / 'QtCore').is_dir():
        sys.exit(f'{arguments.qt_headers} holds no QtCore folder')
    findings, count = all_findings(arguments.root, arguments.qt_headers)
    for path, number, text in findings:
        print(f'{path}:{number}: {text}')
    print(f'{count} files read, {len(findings)} findings')
    if count == 0:
        sys.exit('no source file found: wrong folder?')
    sys.exit(1 if findings else 0)


if __name__ == '__main__':
    main()
