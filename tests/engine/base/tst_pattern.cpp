#include "base/pattern.h"

#include <QElapsedTimer>
#include <QTest>

#include <string>

using meerkat::matchPattern;

class TestPattern : public QObject {
    Q_OBJECT
  private slots:
    void matchesFromTheBeginning_data() {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("length");
        const auto row = [](const char *name, const char *pattern, const char *text, int length) {
            QTest::newRow(name) << QByteArray(pattern) << QByteArray(text) << length;
        };
        row("plain", "/cgi", "/cgi/a", 4);
        row("plain that differs", "/cgi", "/css/a", -1);
        row("plain not at the beginning", "cgi", "/cgi", -1);
        row("pattern longer than the text", "abc", "ab", -1);
        row("empty pattern", "", "abc", 0);
        row("empty text", "a", "", -1);
        row("case of the pattern", "/CGI", "/cgi", 4);
        row("case of the text", "/cgi", "/CgI", 4);
        row("no case for other letters", "\xC3\x84", "\xC3\xA4", -1);
        row("star stays in its folder", "/a/*", "/a/bc/d", 5);
        row("star may be empty", "/a/*", "/a/", 3);
        row("star in the middle", "/a*c", "/abbc/c", 5);
        row("star takes the last that fits", "a*b", "abxbx", 4);
        row("star does not pass a slash", "a*c", "a/c", -1);
        row("two stars pass slashes", "/a**c", "/a/b/c/d/c!", 10);
        row("two stars may be empty", "**a", "a", 1);
        row("three stars", "***a", "b/ba", 4);
        row("one star and two", "*/**.txt$", "a/b/c.txt", 9);
        row("question mark", "a?c", "abc", 3);
        row("question mark takes a slash", "a?c", "a/c", 3);
        row("question mark needs a character", "abc?", "abc", -1);
        row("question mark takes a whole UTF-8 character", "a?c",
            "a\xE2\x82\xAC"
            "c",
            5);
        row("question marks behind a star", "**?\?$", "abc", 3);
        row("question marks need as many", "**?\?$", "a", -1);
        row("end", "**.cgi$", "/a/b.cgi", 8);
        row("end not reached", "**.cgi$", "/a/b.cgi/path", -1);
        row("end in the middle", "a$b", "ab", -1);
        row("end behind a star", "*$", "abc", 3);
        row("end behind a star with a slash", "*$", "ab/c", -1);
        row("alone", "$", "", 0);
        row("first alternative", "ab|abc", "abcd", 2);
        row("second alternative", "x|abc", "abcd", 3);
        row("no alternative", "x|y|z", "abcd", -1);
        row("alternatives with an end each", "**.cgi$|**.pl$|**.php$", "/x.PHP", 6);
        row("empty alternative", "x|", "abc", 0);
    }
    void matchesFromTheBeginning() {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, text);
        QFETCH(int, length);
        QCOMPARE(matchPattern(pattern.toStdString(), text.toStdString()), length);
    }

    void findsWhatATryingMatcherFinds() {
        const std::string letters = "a/*?$|";
        for (int p = 0; p < 6 * 6 * 6 * 6; ++p) {
            for (int t = 0; t < 2 * 2 * 2 * 2; ++t) {
                const std::string pattern = word(p, letters, 4);
                const std::string text = word(t, "a/", 4);
                QVERIFY2(matchPattern(pattern, text) == expected(pattern, text), (pattern + " on " + text).c_str());
            }
        }
    }

    void matchesTextsLongerThanItsSmallBuffer() {
        const std::string text = "/" + std::string(5000, 'x') + "/name.cgi";
        QCOMPARE(matchPattern("**.cgi$", text), static_cast<int>(text.size()));
        QCOMPARE(matchPattern("/*.cgi$", text), -1);
        for (std::size_t size = 250; size < 260; ++size)
            QCOMPARE(matchPattern("*y$", std::string(size, 'x') + "y"), static_cast<int>(size + 1));
    }

    void keepsNulAndInvalidUtf8AsBytes() {
        using namespace std::string_view_literals;
        QCOMPARE(matchPattern("a*b$", "a\0b"sv), 3);
        QCOMPARE(matchPattern("?$", "\xFF"), 1);
        QCOMPARE(matchPattern("?$", "\xE2\x82"), 2);
        QCOMPARE(matchPattern("?\?$", "\xF0\x80\x80\x80\x80"), 5);
    }

    void finishesQuicklyOnAHostilePattern() {
        std::string pattern;
        for (int i = 0; i < 500; ++i) pattern += "**a*a";
        pattern += "b$";
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(matchPattern(pattern, std::string(2000, 'a')), -1);
        QVERIFY(timer.elapsed() < 5000);
    }

  private:
    static std::string word(int number, const std::string &letters, int length) {
        std::string text;
        const int base = static_cast<int>(letters.size());
        for (; length > 0; --length, number /= base) text += letters[static_cast<std::size_t>(number % base)];
        return text;
    }

    // The definition by trial, longest first.
    static int tried(const std::string &pattern, std::size_t p, const std::string &text, std::size_t t) {
        if (p == pattern.size()) return static_cast<int>(t);
        const bool isDouble = pattern.compare(p, 2, "**") == 0;
        if (pattern[p] == '*') {
            std::size_t end = t;
            while (end < text.size() && (isDouble || text[end] != '/')) ++end;
            for (std::size_t next = end + 1; next-- > t;)
                if (const int length = tried(pattern, p + (isDouble ? 2 : 1), text, next); length >= 0) return length;
            return -1;
        }
        if (pattern[p] == '$') return t == text.size() ? tried(pattern, p + 1, text, t) : -1;
        if (t == text.size() || (pattern[p] != '?' && pattern[p] != text[t])) return -1;
        return tried(pattern, p + 1, text, t + 1);
    }

    static int expected(const std::string &pattern, const std::string &text) {
        std::size_t begin = 0;
        while (true) {
            const auto bar = pattern.find('|', begin);
            const int length = tried(pattern.substr(begin, bar - begin), 0, text, 0);
            if (length >= 0 || bar == std::string::npos) return length;
            begin = bar + 1;
        }
    }
};

QTEST_GUILESS_MAIN(TestPattern)
#include "tst_pattern.moc"
