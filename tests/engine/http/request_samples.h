// Station: the tests of the request parser. Heads that are right, and a head put into one line of words to compare with.
#pragma once

#include "http/request_parser.h"

#include <QByteArray>

#include <string>
#include <vector>

namespace meerkat::test {

inline QByteArray toBytes(std::string_view text) { return {text.data(), static_cast<qsizetype>(text.size())}; }
inline std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

// "GET /a?b 1.1 host=x [Host=x] [Accept=*/*]", and what else is not as usual.
inline QByteArray describe(const http::RequestHead &head) {
    QByteArray text = toBytes(head.methodName) + ' ' + toBytes(head.target) + " 1." + QByteArray::number(head.minorVersion);
    if (!head.host.empty()) text += " host=" + toBytes(head.host);
    if (head.isChunked) text += " chunked";
    if (head.hasContentLength) text += " length=" + QByteArray::number(static_cast<qulonglong>(head.contentLength));
    if (!head.keepAlive) text += " close";
    if (head.expectsContinue) text += " continue";
    if (head.wantsUpgrade) text += " upgrade";
    if (head.hasConditions) text += " conditions";
    for (const http::HeaderField &field : head.headers()) text += " [" + toBytes(field.name) + '=' + toBytes(field.value) + ']';
    return text;
}

struct GoodHead {
    const char *name;
    std::string bytes;
    const char *meaning;  // as describe says it
};

inline const std::vector<GoodHead> &goodHeads() {
    static const std::vector<GoodHead> heads = {
        {"as short as can be", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / 1.1 [Host=]"},
        {"1.0 without a field", "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 close"},
        {"1.0 with a host", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / 1.0 host=a close [Host=a]"},
        {"a later minor version", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / 1.1 host=a [Host=a]"},
        {"as curl sends it", "GET /x HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n",
         "GET /x 1.1 host=127.0.0.1:8080 [Host=127.0.0.1:8080] [User-Agent=curl/7.88.1] [Accept=*/*]"},
        {"bare line feeds", "GET / HTTP/1.1\nHost: a\nB: c\n\n", "GET / 1.1 host=a [Host=a] [B=c]"},
        {"both line ends mixed", "GET / HTTP/1.1\nHost: a\r\nB: c\n\r\n", "GET / 1.1 host=a [Host=a] [B=c]"},
        {"one empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / 1.1 host=a [Host=a]"},
        {"four empty lines before", "\r\n\n\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / 1.1 host=a [Host=a]"},
        {"no space behind the colon", "GET / HTTP/1.1\r\nHost:a\r\nB:c\r\n\r\n", "GET / 1.1 host=a [Host=a] [B=c]"},
        {"spaces and tabs around a value", "GET / HTTP/1.1\r\nHost: \t a \t \r\nB:\t c d \t\r\n\r\n",
         "GET / 1.1 host=a [Host=a] [B=c d]"},
        {"a tab inside of a value", "GET / HTTP/1.1\r\nHost: a\r\nB: c\td\r\n\r\n", "GET / 1.1 host=a [Host=a] [B=c\td]"},
        {"empty values", "GET / HTTP/1.1\r\nHost: \t\r\nB:\r\nC: \r\n\r\n", "GET / 1.1 [Host=] [B=] [C=]"},
        {"bytes over 127 in a value", "GET / HTTP/1.1\r\nHost: a\r\nB: gr\xc3\xbc\xc3\x9f \xff\r\n\r\n",
         "GET / 1.1 host=a [Host=a] [B=gr\xc3\xbc\xc3\x9f \xff]"},
        {"colons in a value", "GET / HTTP/1.1\r\nHost: a\r\nB: c: d:\r\n\r\n", "GET / 1.1 host=a [Host=a] [B=c: d:]"},
        {"every token character in a name", "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~0123456789azAZ: b\r\n\r\n",
         "GET / 1.1 host=a [Host=a] [!#$%&'*+-.^_`|~0123456789azAZ=b]"},
        {"one field often", "GET / HTTP/1.1\r\nHost: a\r\nB: c\r\nb: d\r\nB: c\r\n\r\n",
         "GET / 1.1 host=a [Host=a] [B=c] [b=d] [B=c]"},
        {"fields in capitals",
         "POST / HTTP/1.1\r\nHOST: a\r\nCONTENT-LENGTH: 5\r\nCONNECTION: CLOSE\r\nEXPECT: 100-CONTINUE\r\n\r\n",
         "POST / 1.1 host=a length=5 close continue [HOST=a] [CONTENT-LENGTH=5] [CONNECTION=CLOSE] [EXPECT=100-CONTINUE]"},
        {"a query", "GET /a/b?c=d&e=%20/? HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/b?c=d&e=%20/? 1.1 host=a [Host=a]"},
        {"a target with odd characters", "GET /[a]|\"b\"{c}^`\\<> HTTP/1.1\r\nHost: a\r\n\r\n",
         "GET /[a]|\"b\"{c}^`\\<> 1.1 host=a [Host=a]"},
        {"a target with bytes over 127", "GET /gr\xc3\xbc\xc3\x9f HTTP/1.1\r\nHost: a\r\n\r\n",
         "GET /gr\xc3\xbc\xc3\x9f 1.1 host=a [Host=a]"},
        {"two slashes at the start", "GET //a/b HTTP/1.1\r\nHost: a\r\n\r\n", "GET //a/b 1.1 host=a [Host=a]"},
        {"an absolute target wins over Host", "GET http://b:81/c?d HTTP/1.1\r\nHost: a\r\n\r\n",
         "GET http://b:81/c?d 1.1 host=b:81 [Host=a]"},
        {"an absolute target in capitals", "GET HTTPS://b HTTP/1.1\r\nHost: a\r\n\r\n", "GET HTTPS://b 1.1 host=b [Host=a]"},
        {"an absolute target in 1.0", "GET http://b/ HTTP/1.0\r\n\r\n", "GET http://b/ 1.0 host=b close"},
        {"an asterisk with OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * 1.1 host=a [Host=a]"},
        {"an authority with CONNECT", "CONNECT b:443 HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT b:443 1.1 host=b:443 [Host=a]"},
        {"a host with an IPv6 address", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n",
         "GET / 1.1 host=[2001:db8::1]:8080 [Host=[2001:db8::1]:8080]"},
        {"a host with an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", "GET / 1.1 host=a: [Host=a:]"},
        {"a method of one's own", "mkcol-2 / HTTP/1.1\r\nHost: a\r\n\r\n", "mkcol-2 / 1.1 host=a [Host=a]"},
        {"a body with a length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0012\r\n\r\n",
         "POST / 1.1 host=a length=12 [Host=a] [Content-Length=0012]"},
        {"a body without a byte", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
         "POST / 1.1 host=a length=0 [Host=a] [Content-Length=0]"},
        {"the longest length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n",
         "POST / 1.1 host=a length=18446744073709551615 [Host=a] [Content-Length=18446744073709551615]"},
        {"a length in 1.0", "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n", "POST / 1.0 length=3 close [Content-Length=3]"},
        {"a chunked body", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
         "POST / 1.1 host=a chunked [Host=a] [Transfer-Encoding=chunked]"},
        {"a chunked body in capitals", "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: \tChunkeD \r\n\r\n",
         "POST / 1.1 host=a chunked [Host=a] [transfer-encoding=ChunkeD]"},
        {"close in 1.1", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
         "GET / 1.1 host=a close [Host=a] [Connection=close]"},
        {"close in a list", "GET / HTTP/1.1\r\nHost: a\r\nConnection: TE ,\tCLOSE\t, x\r\n\r\n",
         "GET / 1.1 host=a close [Host=a] [Connection=TE ,\tCLOSE\t, x]"},
        {"close on a later line", "GET / HTTP/1.1\r\nConnection: keep-alive\r\nHost: a\r\nconnection: close\r\n\r\n",
         "GET / 1.1 host=a close [Connection=keep-alive] [Host=a] [connection=close]"},
        {"close wins over keep-alive in 1.0", "GET / HTTP/1.0\r\nConnection: close, keep-alive\r\n\r\n",
         "GET / 1.0 close [Connection=close, keep-alive]"},
        {"a name that only begins like close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed, clos\r\n\r\n",
         "GET / 1.1 host=a [Host=a] [Connection=closed, clos]"},
        {"keep-alive in 1.0", "GET / HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n", "GET / 1.0 [Connection=x, Keep-Alive]"},
        {"an empty Connection", "GET / HTTP/1.1\r\nHost: a\r\nConnection: ,, \r\n\r\n",
         "GET / 1.1 host=a [Host=a] [Connection=,,]"},
        {"an upgrade", "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n",
         "GET / 1.1 host=a upgrade [Host=a] [Connection=keep-alive, Upgrade] [Upgrade=websocket]"},
        {"an upgrade in 1.0 counts for nothing", "GET / HTTP/1.0\r\nConnection: upgrade\r\n\r\n",
         "GET / 1.0 close [Connection=upgrade]"},
        {"an expectation", "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-Continue\r\n\r\n",
         "PUT /a 1.1 host=a length=9 continue [Host=a] [Content-Length=9] [Expect=100-Continue]"},
        {"an expectation twice and empty", "PUT /a HTTP/1.1\r\nHost: a\r\nExpect: ,100-continue,\r\nExpect: 100-continue\r\n\r\n",
         "PUT /a 1.1 host=a continue [Host=a] [Expect=,100-continue,] [Expect=100-continue]"},
        {"any expectation in 1.0 counts for nothing", "PUT /a HTTP/1.0\r\nExpect: 100-continue, miracles\r\n\r\n",
         "PUT /a 1.0 close [Expect=100-continue, miracles]"},
        {"If-Match", "GET / HTTP/1.1\r\nHost: a\r\nIf-Match: *\r\n\r\n", "GET / 1.1 host=a conditions [Host=a] [If-Match=*]"},
        {"If-None-Match", "GET / HTTP/1.1\r\nHost: a\r\nif-none-match: *\r\n\r\n",
         "GET / 1.1 host=a conditions [Host=a] [if-none-match=*]"},
        {"If-Modified-Since", "GET / HTTP/1.1\r\nHost: a\r\nIF-MODIFIED-SINCE: x\r\n\r\n",
         "GET / 1.1 host=a conditions [Host=a] [IF-MODIFIED-SINCE=x]"},
        {"If-Unmodified-Since", "GET / HTTP/1.1\r\nHost: a\r\nIf-Unmodified-Since: x\r\n\r\n",
         "GET / 1.1 host=a conditions [Host=a] [If-Unmodified-Since=x]"},
        {"If-Range", "GET / HTTP/1.1\r\nHost: a\r\nIf-Range: x\r\n\r\n", "GET / 1.1 host=a conditions [Host=a] [If-Range=x]"},
        {"Range", "GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-\r\n\r\n",
         "GET / 1.1 host=a conditions [Host=a] [Range=bytes=0-]"},
        {"names as long as those that count",
         "GET / HTTP/1.1\r\nHost: a\r\nHosu: b\r\nRangf: c\r\nExpecu: d\r\nIf-Matcg: e\r\nConnectiom: f\r\nIf-None-Matcg: g\r\n"
         "Content-Lengti: h\r\nTransfer-Encodinh: i\r\nIf-Unmodified-Sincf: j\r\n\r\n",
         "GET / 1.1 host=a [Host=a] [Hosu=b] [Rangf=c] [Expecu=d] [If-Matcg=e] [Connectiom=f] [If-None-Matcg=g] "
         "[Content-Lengti=h] "
         "[Transfer-Encodinh=i] [If-Unmodified-Sincf=j]"},
    };
    return heads;
}

}  // namespace meerkat::test
