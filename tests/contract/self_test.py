#!/usr/bin/env python3
"""Plants gaps in a small tree and checks that check.py finds each of them, and nothing in a tree without any."""
import pathlib
import tempfile
import unittest

import check

TREE = {
    'engine/include/mongoose.h': '/* Makes one. */\nMG_API struct mg_server *mg_make(void *param, int (*func)(void *));\n\n'
                                 '/* Both send. */\nMG_API int mg_send(const char *text,\n                   int length);\nMG_API int mg_put(int);\n',
    'tests/contract/functions.txt': '# all\nmg_make\nmg_send\nmg_put\n',
    'tests/contract/sentences.txt': '# head\n\nMakes a server. It is opaque.\n-> made makesAServer\nCall it first.\n-- advice\n',
    'tests/engine/api/tst_made.cpp': 'class T {\n  private slots:\n    void makesAServer_data();\n    void makesAServer();\n\n'
                                     '  private:\n    void notASlot();\n};\n',
    'tests/engine/api/tst_header.cpp': 'mg_make(0, 0); mg_send("", 0); mg_put(1);',
}
PAGE = '# Title\n\n    struct mg_server *mg_make(void *param,\n                              int (*func)(void *));\n\n' \
       'Makes a\nserver. It is opaque.\n\n   * Call it\n     first.\n'


class Check(unittest.TestCase):
    def findings(self, path=None, old='', new='', page=PAGE):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in TREE.items():
                target = root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if name == path:
                    self.assertIn(old, text)
                    text = text.replace(old, new, 1)
                target.write_text(text, encoding='utf-8')
            sentences = check.read_sentences(root / 'tests/contract/sentences.txt')
            return [*check.check_slots(root, sentences), *check.check_header(root), *check.check_page(sentences, page)]

    def expect(self, part, *planted, **given):
        found = self.findings(*planted, **given)
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])

    def test_accepts_a_whole_tree(self):
        self.assertEqual(self.findings(), [])

    def test_finds_a_slot_that_is_not_there(self):
        self.expect('no slot makesAServer', 'tests/engine/api/tst_made.cpp', 'void makesAServer();', '')
        self.expect('no slot notASlot', 'tests/contract/sentences.txt', 'makesAServer', 'notASlot')
        self.expect('tst_gone.cpp has no slot', 'tests/contract/sentences.txt', '-> made', '-> gone')

    def test_finds_a_sentence_without_proof(self):
        self.expect('nothing proves "Call it first."', 'tests/contract/sentences.txt', '-- advice\n', '')

    def test_finds_what_the_page_says_otherwise(self):
        self.expect('not in sentences.txt: "It has more."', page=PAGE + '\nIt has more.\n')
        found = self.findings(page=PAGE.replace('opaque', 'large'))
        self.assertTrue(any('not on the page' in line for line in found), found)

    def test_finds_functions_left_out(self):
        self.expect('mg_other is not declared', 'tests/contract/functions.txt', 'mg_put', 'mg_put\nmg_other')
        self.expect('mg_put is not called', 'tests/engine/api/tst_header.cpp', 'mg_put(1)', '')
        self.expect('mg_make has no comment', 'engine/include/mongoose.h', '/* Makes one. */\n', '')
        self.expect('mg_send has no comment', 'engine/include/mongoose.h', '/* Both send. */\nMG_API int mg_send(const char *text,\n                   int length);\nMG_API int mg_put(int);\n',
                    '/* Puts. */\nMG_API int mg_put(int);\n\nMG_API int mg_send(int);\n')


if __name__ == '__main__':
    unittest.main()
