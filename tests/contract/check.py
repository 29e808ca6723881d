#!/usr/bin/env python3
"""Holds the engine's header and tests against the API's page.

  python3 tests/contract/check.py [--archive FILE] [--nm PROGRAM] [--page FILE] [ROOT]

1. Each test that sentences.txt names is a slot of that file, and is run by Qt Test.
2. Each function of functions.txt is declared in mongoose.h; each declared one has a comment of its own above it, or stands right below one that has, and
   is called in tests/engine/api/tst_header.cpp.
3. --archive: each declared function is in the library under its plain name, with C linkage.
4. --page: the sentences are the page's, word for word, and none of its text is left over.

Prints what is wrong, a line each; exit status 1 if there is something.
"""
import argparse
import pathlib
import re
import subprocess
import sys

MENTION = re.compile(r'^-> (\w+) (\w+)$')
SLOTS = re.compile(r'private slots:(.*?)(?:\n  (?:private|public|protected):|\n\};)', re.DOTALL)
SLOT = re.compile(r'\bvoid (\w+)\(\)')
DECLARATION = re.compile(r'^MG_API [^;(]*?\b(mg_\w+)\(', re.MULTILINE)


def read_sentences(path):
    """Pairs of a paragraph of sentences and the (test, slot) pairs that prove it; None where nothing is to be proved."""
    found = []
    for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
        if not line or line.startswith('#'):
            continue
        if line.startswith('-- '):
            found[-1][1].append(None)
        elif line.startswith('->'):
            mention = MENTION.match(line)
            if not mention:
                raise SystemExit(f'{path}:{number}: not "-> file slot"')
            found[-1][1].append(mention.groups())
        else:
            found.append((line, []))
    return found


def slots_of(path):
    text = path.read_text(encoding='utf-8')
    return {slot for part in SLOTS.findall(text) for slot in SLOT.findall(part)}


def check_slots(root, sentences):
    known = {}
    for sentence, proofs in sentences:
        if not proofs:
            yield f'sentences.txt: nothing proves "{sentence}"'
        for test, slot in filter(None, proofs):
            path = root / 'tests/engine/api' / f'tst_{test}.cpp'
            if path not in known:
                known[path] = slots_of(path) if path.exists() else set()
            if slot not in known[path]:
                yield f'sentences.txt: {path.name} has no slot {slot}'


def comment_ends(text):
    """Where each comment that begins a line ends, with the blank lines behind it passed over only if it has none."""
    return {match.end() for match in re.finditer(r'^/\*.*?\*/\n', text, re.MULTILINE | re.DOTALL)}


def has_comment(text, position, ends):
    """A comment right above, or only declarations and macros between it and this one."""
    before = text[:position]
    while True:
        if len(before) in ends:
            return True
        line_begin = before.rfind('\n', 0, len(before) - 1) + 1
        line = before[line_begin:]
        if not line.strip() or not re.match(r'MG_API |#define |\s{10,}\S', line):
            return False
        before = before[:line_begin]


def check_header(root):
    text = (root / 'engine/include/mongoose.h').read_text(encoding='utf-8')
    declared = {match.group(1): match.start() for match in DECLARATION.finditer(text)}
    ends = comment_ends(text)
    wanted = [line for line in (root / 'tests/contract/functions.txt').read_text(encoding='utf-8').split('\n') if line.startswith('mg_')]
    for name in wanted:
        if name not in declared:
            yield f'mongoose.h: {name} is not declared'
    tried = (root / 'tests/engine/api/tst_header.cpp').read_text(encoding='utf-8')
    for name, position in declared.items():
        if not has_comment(text, position, ends):
            yield f'mongoose.h: {name} has no comment'
        if not re.search(rf'\b{name}\(', tried):
            yield f'tst_header.cpp: {name} is not called'


def check_archive(root, archive, nm):
    text = (root / 'engine/include/mongoose.h').read_text(encoding='utf-8')
    listed = subprocess.run([nm, '-g', archive], capture_output=True, text=True, check=True).stdout
    # Some systems put a '_' before each name of C.
    symbols = set(re.findall(r' T _?(mg_\w+)$', listed, re.MULTILINE))
    for name in DECLARATION.findall(text):
        if name not in symbols:
            yield f'{archive}: {name} is not exported'


def words(text):
    return ' '.join(text.split())


def prose_of(page):
    """The page without titles, declarations and bullets."""
    kept = []
    in_declaration = False
    for line in page.splitlines():
        begins = re.match(r' {4,}(struct|void|const|int|char)\b.*\(', line)
        if in_declaration or begins:
            in_declaration = not line.rstrip().endswith(';')
            continue
        if not re.match(r'#|<!--', line):
            kept.append(re.sub(r'^\s*\* ', '', line))
    return words('\n'.join(kept))


def check_page(sentences, page):
    rest = prose_of(page)
    for sentence, _ in sentences:
        if words(sentence) not in rest:
            yield f'sentences.txt: not on the page: "{sentence}"'
        rest = rest.replace(words(sentence), '\n', 1)
    for left in filter(None, map(str.strip, rest.split('\n'))):
        yield f'the page: not in sentences.txt: "{left}"'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--archive')
    parser.add_argument('--nm', default='nm')
    parser.add_argument('--page', type=pathlib.Path)
    parser.add_argument('root', nargs='?', type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    given = parser.parse_args()
    sentences = read_sentences(given.root / 'tests/contract/sentences.txt')
    findings = [*check_slots(given.root, sentences), *check_header(given.root)]
    if given.archive:
        findings += check_archive(given.root, given.archive, given.nm)
    if given.page and given.page.exists():
        findings += check_page(sentences, given.page.read_text(encoding='utf-8'))
    print(*findings, sep='\n')
    proofs = sum(len(list(filter(None, proofs))) for _, proofs in sentences)
    print(f'{len(sentences)} places of the page, {proofs} proofs, {len(findings)} findings')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
