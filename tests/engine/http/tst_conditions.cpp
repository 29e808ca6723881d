#include "http/conditions.h"
#include "http/dates.h"

#include <QtTest>

using namespace meerkat::http;

namespace {

constexpr std::int64_t kModified = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::int64_t kNow = 1700000000;
const char *const kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
const char *const kSame = "Sun, 06 Nov 1994 08:49:37 GMT";
const char *const kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";

std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

QByteArray describe(const ConditionOutcome &outcome) {
    const char *results[] = {"proceed", "304", "412"};
    return QByteArray(results[static_cast<int>(outcome.result)]) + (outcome.rangeAllowed ? "" : " whole");
}

QByteArray evaluated(const QByteArray &method, const QByteArray &fields, const Validators &validators, std::int64_t now = kNow) {
    const QByteArray bytes = method + " / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    RequestHead head;
    if (parseRequestHead(toView(bytes), {}, head).state != ParseState::Complete) return "not a request";
    return describe(evaluateConditions(head, validators, now));
}

const Validators kStrong{"\"v1\"", kModified, true};
const Validators kWeak{"W/\"v1\"", kModified, true};
const Validators kUntagged{"", kModified, true};
const Validators kAbsent{"", 0, false};

struct Row {
    const char *name;
    QByteArray method;
    QByteArray fields;
    Validators validators;
    const char *result;
};

QByteArray line(const char *name, const char *value) { return QByteArray(name) + ": " + value + "\r\n"; }

void verify(const std::vector<Row> &rows) {
    for (const Row &row : rows) {
        const QByteArray result = evaluated(row.method, row.fields, row.validators);
        QVERIFY2(result == row.result, qPrintable(QString(row.name) + ": " + result));
    }
}

}  // namespace

class ConditionsTest : public QObject {
    Q_OBJECT

  private slots:
    void proceedsWithoutConditions() {
        verify({
            {"GET", "GET", "", kStrong, "proceed"},
            {"PUT of something new", "PUT", "", kAbsent, "proceed"},
            {"a range alone", "GET", "Range: bytes=0-1\r\n", kStrong, "proceed"},
        });
    }

    void evaluatesIfMatch() {
        verify({
            {"the tag", "PUT", line("If-Match", "\"v1\""), kStrong, "proceed"},
            {"the tag on GET", "GET", line("If-Match", "\"v1\""), kStrong, "proceed"},
            {"another tag", "PUT", line("If-Match", "\"v2\""), kStrong, "412"},
            {"another tag on GET", "GET", line("If-Match", "\"v2\""), kStrong, "412"},
            {"one of a list", "PUT", line("If-Match", "\"v0\", \"v1\",\"v2\""), kStrong, "proceed"},
            {"one of two lines", "PUT", line("If-Match", "\"v0\"") + line("if-match", "\"v1\""), kStrong, "proceed"},
            {"none of two lines", "PUT", line("If-Match", "\"v0\"") + line("If-Match", "\"v2\""), kStrong, "412"},
            {"the tag, weak", "PUT", line("If-Match", "W/\"v1\""), kStrong, "412"},
            {"the tag of a weak one", "PUT", line("If-Match", "\"v1\""), kWeak, "412"},
            {"both weak", "PUT", line("If-Match", "W/\"v1\""), kWeak, "412"},
            {"anything, there", "PUT", line("If-Match", "*"), kStrong, "proceed"},
            {"anything, there without a tag", "PUT", line("If-Match", "*"), kUntagged, "proceed"},
            {"anything, not there", "PUT", line("If-Match", "*"), kAbsent, "412"},
            {"the tag, not there", "PUT", line("If-Match", "\"v1\""), kAbsent, "412"},
            {"an empty tag, nothing there", "PUT", line("If-Match", "\"\""), kAbsent, "412"},
            {"an empty tag without a tag", "PUT", line("If-Match", "\"\""), kUntagged, "412"},
            {"an empty list", "PUT", line("If-Match", ""), kStrong, "412"},
            {"no quotes", "PUT", line("If-Match", "v1"), kStrong, "412"},
            {"a quote that does not close", "PUT", line("If-Match", "\"v1"), kStrong, "412"},
        });
    }

    void evaluatesIfNoneMatch() {
        verify({
            {"the tag", "GET", line("If-None-Match", "\"v1\""), kStrong, "304"},
            {"the tag on HEAD", "HEAD", line("If-None-Match", "\"v1\""), kStrong, "304"},
            {"the tag on PUT", "PUT", line("If-None-Match", "\"v1\""), kStrong, "412"},
            {"the tag on DELETE", "DELETE", line("If-None-Match", "\"v1\""), kStrong, "412"},
            {"another tag", "GET", line("If-None-Match", "\"v2\""), kStrong, "proceed"},
            {"another case", "GET", line("If-None-Match", "\"V1\""), kStrong, "proceed"},
            {"one of a list", "GET", line("If-None-Match", "\"v0\" ,, \"v1\""), kStrong, "304"},
            {"one of two lines", "GET", line("If-None-Match", "\"v0\"") + line("IF-NONE-MATCH", "\"v1\""), kStrong, "304"},
            {"the tag, weak", "GET", line("If-None-Match", "W/\"v1\""), kStrong, "304"},
            {"the tag of a weak one", "GET", line("If-None-Match", "\"v1\""), kWeak, "304"},
            {"both weak", "GET", line("If-None-Match", "W/\"v1\""), kWeak, "304"},
            {"a weak sign in lower case", "GET", line("If-None-Match", "w/\"v1\""), kStrong, "proceed"},
            {"a comma inside of a tag", "GET", line("If-None-Match", "\"a,\"v1\",b\""), kStrong, "proceed"},
            {"a tag with a comma", "GET", line("If-None-Match", "\"x\", \"a,b\""), {"\"a,b\"", kModified, true}, "304"},
            {"anything, there", "GET", line("If-None-Match", "*"), kStrong, "304"},
            {"anything, there, on PUT", "PUT", line("If-None-Match", "*"), kStrong, "412"},
            {"anything, not there", "PUT", line("If-None-Match", "*"), kAbsent, "proceed"},
            {"the tag, not there", "PUT", line("If-None-Match", "\"v1\""), kAbsent, "proceed"},
            {"anything, in quotes", "GET", line("If-None-Match", "\"*\""), kStrong, "proceed"},
            {"anything, in a list", "GET", line("If-None-Match", "\"v2\", *"), kStrong, "proceed"},
            {"no quotes", "GET", line("If-None-Match", "v1"), kStrong, "proceed"},
            {"a quote that does not close", "GET", line("If-None-Match", "\"v1"), kStrong, "proceed"},
        });
    }

    void evaluatesDates() {
        verify({
            {"modified since", "GET", line("If-Modified-Since", kBefore), kStrong, "proceed"},
            {"modified then", "GET", line("If-Modified-Since", kSame), kStrong, "304"},
            {"modified before", "GET", line("If-Modified-Since", kAfter), kStrong, "304"},
            {"modified then, on HEAD", "HEAD", line("If-Modified-Since", kSame), kStrong, "304"},
            {"modified then, without a tag", "GET", line("If-Modified-Since", kSame), kUntagged, "304"},
            {"modified then, on POST", "POST", line("If-Modified-Since", kSame), kStrong, "proceed"},
            {"modified then, as RFC 850", "GET", line("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"), kStrong, "304"},
            {"modified then, as asctime", "GET", line("If-Modified-Since", "Sun Nov  6 08:49:37 1994"), kStrong, "304"},
            {"no date", "GET", line("If-Modified-Since", "yesterday"), kStrong, "proceed"},
            {"two dates", "GET", line("If-Modified-Since", kAfter) + line("If-Modified-Since", kAfter), kStrong, "proceed"},
            {"modified, not there", "GET", line("If-Modified-Since", kAfter), kAbsent, "proceed"},
            {"unmodified before", "PUT", line("If-Unmodified-Since", kBefore), kStrong, "412"},
            {"unmodified then", "PUT", line("If-Unmodified-Since", kSame), kStrong, "proceed"},
            {"unmodified since", "PUT", line("If-Unmodified-Since", kAfter), kStrong, "proceed"},
            {"unmodified before, on GET", "GET", line("If-Unmodified-Since", kBefore), kStrong, "412"},
            {"unmodified, no date", "PUT", line("If-Unmodified-Since", "yesterday"), kStrong, "proceed"},
            {"unmodified, not there", "PUT", line("If-Unmodified-Since", kBefore), kAbsent, "proceed"},
        });
    }

    // RFC 9110 section 13.2.2, every combination of absent, true and false of the four, for a method that reads and one that writes.
    void keepsTheOrderOfTheRfc() {
        const char *match[] = {nullptr, "\"v1\"", "\"v2\""};
        const char *unmodified[] = {nullptr, kSame, kBefore};
        const char *noneMatch[] = {nullptr, "\"v2\"", "\"v1\""};
        const char *modified[] = {nullptr, kBefore, kSame};
        for (int number = 0; number < 81 * 2; ++number) {
            const bool isGet = number >= 81;
            const int im = number % 3, ius = number / 3 % 3, inm = number / 9 % 3, ims = number / 27 % 3;
            QByteArray fields;  // in the wrong order: theirs must not matter
            if (ims) fields += line("If-Modified-Since", modified[ims]);
            if (inm) fields += line("If-None-Match", noneMatch[inm]);
            if (ius) fields += line("If-Unmodified-Since", unmodified[ius]);
            if (im) fields += line("If-Match", match[im]);
            const QByteArray result = evaluated(isGet ? "GET" : "PUT", fields, kStrong);
            QVERIFY2(result == expected(im, ius, inm, ims, isGet), fields.constData());
        }
    }

    void evaluatesIfRange() {
        const QByteArray range = "Range: bytes=0-1\r\n";
        verify({
            {"the tag", "GET", range + line("If-Range", "\"v1\""), kStrong, "proceed"},
            {"another tag", "GET", range + line("If-Range", "\"v2\""), kStrong, "proceed whole"},
            {"the tag, weak", "GET", range + line("If-Range", "W/\"v1\""), kStrong, "proceed whole"},
            {"the tag of a weak one", "GET", range + line("If-Range", "\"v1\""), kWeak, "proceed whole"},
            {"both weak", "GET", range + line("If-Range", "W/\"v1\""), kWeak, "proceed whole"},
            {"a list of tags", "GET", range + line("If-Range", "\"v1\", \"v2\""), kStrong, "proceed whole"},
            {"two lines", "GET", range + line("If-Range", "\"v1\"") + line("If-Range", "\"v2\""), kStrong, "proceed whole"},
            {"an asterisk", "GET", range + line("If-Range", "*"), kStrong, "proceed whole"},
            {"the date", "GET", range + line("If-Range", kSame), kStrong, "proceed"},
            {"a date before", "GET", range + line("If-Range", kBefore), kStrong, "proceed whole"},
            {"a date after", "GET", range + line("If-Range", kAfter), kStrong, "proceed whole"},
            {"nonsense", "GET", range + line("If-Range", "v1"), kStrong, "proceed whole"},
            {"empty", "GET", range + line("If-Range", ""), kStrong, "proceed whole"},
            {"the tag, not there", "GET", range + line("If-Range", "\"v1\""), kAbsent, "proceed whole"},
            {"behind one that is not modified", "GET", range + line("If-Range", "\"v2\"") + line("If-None-Match", "\"v1\""),
             kStrong, "304 whole"},
            {"behind one that fails", "GET", range + line("If-Range", "\"v1\"") + line("If-Match", "\"v2\""), kStrong, "412"},
        });
    }

    // Within the second of its change a file may change again unseen: the date is no strong validator yet (RFC 9110 section 8.8.2.2).
    void doesNotTrustADateWithinItsSecond() {
        const QByteArray fields = "Range: bytes=0-1\r\n" + line("If-Range", kSame);
        QCOMPARE(evaluated("GET", fields, kStrong, kModified), QByteArray("proceed whole"));
        QCOMPARE(evaluated("GET", fields, kStrong, kModified + 1), QByteArray("proceed"));
    }

    // RFC 9110 section 13.2.1.
    void ignoresConditionsWhereThereIsNothingToSelect() {
        for (const char *method : {"OPTIONS", "TRACE"}) {
            QCOMPARE(evaluated(method, line("If-Match", "\"v2\"") + line("If-Range", "\"v2\""), kStrong), QByteArray("proceed"));
        }
    }

  private:
    // The steps as the RFC numbers them. 0 absent, 1 true, 2 false.
    static QByteArray expected(int match, int unmodified, int noneMatch, int modified, bool isGet) {
        if (match == 2) return "412";                                // step 1
        if (match == 0 && unmodified == 2) return "412";             // step 2
        if (noneMatch == 2) return isGet ? "304" : "412";            // step 3
        if (noneMatch == 0 && isGet && modified == 2) return "304";  // step 4
        return "proceed";
    }
};

QTEST_GUILESS_MAIN(ConditionsTest)
#include "tst_conditions.moc"
