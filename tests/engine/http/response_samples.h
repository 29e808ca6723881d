// Station: the tests of the response parser. Heads that are right, and a head put into one line of words to compare with.
#pragma once

#include "http/response_parser.h"

#include <QByteArray>

#include <string>
#include <vector>

namespace meerkat::test {

// "200 OK 1.1 [Server=x]", and what else is not as usual.
inline QByteArray describe(const http::ResponseHead &head) {
    const auto bytes = [](std::string_view text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); };
    QByteArray text =
        QByteArray::number(head.status) + " '" + bytes(head.reason) + "' 1." + QByteArray::number(head.minorVersion);
    if (head.isChunked) text += " chunked";
    if (head.hasContentLength) text += " length=" + QByteArray::number(static_cast<qulonglong>(head.contentLength));
    if (!head.keepAlive) text += " close";
    if (head.wantsUpgrade) text += " upgrade";
    for (const http::HeaderField &field : head.headers()) text += " [" + bytes(field.name) + '=' + bytes(field.value) + ']';
    return text;
}

struct GoodAnswer {
    const char *name;
    std::string bytes;
    const char *meaning;  // as describe says it
};

inline const std::vector<GoodAnswer> &goodAnswers() {
    static const std::vector<GoodAnswer> answers = {
        {"as short as can be", "HTTP/1.1 200 \r\n\r\n", "200 '' 1.1"},
        {"no space behind the status", "HTTP/1.1 200\r\n\r\n", "200 '' 1.1"},
        {"1.0", "HTTP/1.0 200 OK\r\n\r\n", "200 'OK' 1.0 close"},
        {"1.0 with keep-alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", "200 'OK' 1.0 [Connection=keep-alive]"},
        {"a later minor version", "HTTP/1.7 200 OK\r\n\r\n", "200 'OK' 1.1"},
        {"a reason of several words", "HTTP/1.1 404 Not  Found at\tall \r\n\r\n", "404 'Not  Found at\tall' 1.1"},
        {"a reason that is no ASCII", "HTTP/1.1 404 Gr\xc3\xbc\xc3\x9f\xff\r\n\r\n", "404 'Gr\xc3\xbc\xc3\x9f\xff' 1.1"},
        {"a reason of digits", "HTTP/1.1 200 200\r\n\r\n", "200 '200' 1.1"},
        {"the lowest status", "HTTP/1.1 100 Continue\r\n\r\n", "100 'Continue' 1.1"},
        {"the highest status", "HTTP/1.1 999 x\r\n\r\n", "999 'x' 1.1"},
        {"as a server sends it",
         "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: a/1.0\r\nContent-Type: text/html\r\nContent-Length: "
         "5\r\n\r\n",
         "200 'OK' 1.1 length=5 [Date=Sun, 06 Nov 1994 08:49:37 GMT] [Server=a/1.0] [Content-Type=text/html] [Content-Length=5]"},
        {"bare line feeds", "HTTP/1.1 200 OK\nA: b\n\n", "200 'OK' 1.1 [A=b]"},
        {"four empty lines before", "\r\n\n\r\n\nHTTP/1.1 200 OK\r\n\r\n", "200 'OK' 1.1"},
        {"white space around values", "HTTP/1.1 200 OK\r\nA:b\r\nC: \t d \t\r\nE:\r\nF: \r\n\r\n",
         "200 'OK' 1.1 [A=b] [C=d] [E=] [F=]"},
        {"a cookie twice", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; c\r\nSet-Cookie: d=e\r\n\r\n",
         "200 'OK' 1.1 [Set-Cookie=a=b; c] [Set-Cookie=d=e]"},
        {"no body by its length", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 'OK' 1.1 length=0 [Content-Length=0]"},
        {"the longest length", "HTTP/1.1 200 OK\r\ncontent-LENGTH: 18446744073709551615\r\n\r\n",
         "200 'OK' 1.1 length=18446744073709551615 [content-LENGTH=18446744073709551615]"},
        {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", "200 'OK' 1.1 chunked [Transfer-Encoding=Chunked]"},
        {"close", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\n\r\n", "200 'OK' 1.1 close [Connection=x, Close]"},
        {"an upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
         "101 'Switching Protocols' 1.1 upgrade [Upgrade=websocket] [Connection=Upgrade]"},
        {"names that are nearly those that count",
         "HTTP/1.1 200 OK\r\nConnectiom: close\r\nContent-Lengti: x\r\nTransfer-Encodinh: y\r\n\r\n",
         "200 'OK' 1.1 [Connectiom=close] [Content-Lengti=x] [Transfer-Encodinh=y]"},
    };
    return answers;
}

}  // namespace meerkat::test
