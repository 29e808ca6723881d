// How long one request head takes, for heads as programs send them.
#include "http/body_reader.h"
#include "http/conditions.h"
#include "http/request_parser.h"
#include "http/url.h"

#include <benchmark/benchmark.h>

#include <string>

namespace http = meerkat::http;

namespace {

const std::string kShortest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

const std::string kCurl = "GET /index.html HTTP/1.1\r\n"
                          "Host: 127.0.0.1:8080\r\n"
                          "User-Agent: curl/7.88.1\r\n"
                          "Accept: */*\r\n"
                          "\r\n";

const std::string kLoadTool = "GET /small.html HTTP/1.1\r\n"
                              "Host: 127.0.0.1:8080\r\n"
                              "User-Agent: Mozilla/5.0 (X11; Linux x86_64) load/1.0\r\n"
                              "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
                              "Accept-Encoding: gzip, deflate\r\n"
                              "Connection: keep-alive\r\n"
                              "\r\n";

const std::string kBrowser =
    "GET /pictures/2023/meerkats/IMG_20230714_101500.jpg HTTP/1.1\r\n"
    "Host: 192.168.1.20:8080\r\n"
    "Connection: keep-alive\r\n"
    "sec-ch-ua: \"Chromium\";v=\"116\", \"Not)A;Brand\";v=\"24\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "sec-ch-ua-platform: \"Linux\"\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 "
    "Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-User: ?1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Referer: http://192.168.1.20:8080/pictures/2023/meerkats/\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
    "\r\n";

const std::string kConditional = "GET /index.html HTTP/1.1\r\n"
                                 "Host: 127.0.0.1:8080\r\n"
                                 "If-None-Match: \"5f3a-18a2b3c4d5\"\r\n"
                                 "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                 "\r\n";

void parse(benchmark::State &state, const std::string &bytes) {
    http::RequestHead head;
    for (auto _ : state) {
        const http::ParseOutcome outcome = http::parseRequestHead(bytes, {}, head);
        if (outcome.state != http::ParseState::Complete) return state.SkipWithError("the head is not complete");
        benchmark::DoNotOptimize(head.fieldCount);
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK_CAPTURE(parse, shortest, kShortest);
BENCHMARK_CAPTURE(parse, curl, kCurl);
BENCHMARK_CAPTURE(parse, load_tool, kLoadTool);
BENCHMARK_CAPTURE(parse, browser, kBrowser);
BENCHMARK_CAPTURE(parse, conditional, kConditional);

// Heads of several kinds in turn: the branch predictor cannot learn one by heart.
void parseMixed(benchmark::State &state) {
    const std::string *kinds[] = {&kCurl, &kBrowser, &kShortest, &kLoadTool, &kCurl, &kConditional, &kBrowser};
    http::RequestHead head;
    std::uint32_t random = 1;
    for (auto _ : state) {
        random = random * 1664525 + 1013904223;
        benchmark::DoNotOptimize(http::parseRequestHead(*kinds[(random >> 16) % std::size(kinds)], {}, head));
        benchmark::ClobberMemory();
    }
}
BENCHMARK(parseMixed);

void target(benchmark::State &state, const std::string &text) {
    for (auto _ : state) {
        const auto parts = http::parseTarget(text, false);
        benchmark::DoNotOptimize(parts);
    }
}
BENCHMARK_CAPTURE(target, short_path, "/index.html");
BENCHMARK_CAPTURE(target, path_and_query, "/pictures/2023/meerkats/IMG_20230714_101500.jpg?size=large");

void clean(benchmark::State &state, const std::string &text) {
    for (auto _ : state) {
        auto path = http::cleanPath(text);
        benchmark::DoNotOptimize(path);
    }
}
BENCHMARK_CAPTURE(clean, short_path, "/index.html");
BENCHMARK_CAPTURE(clean, encoded, "/my%20pictures/2023/./meerkats/../IMG_20230714_101500.jpg");

void conditions(benchmark::State &state) {
    http::RequestHead head;
    http::parseRequestHead(kConditional, {}, head);
    const http::Validators validators{"\"5f3a-18a2b3c4d5\"", 784111777, true};
    for (auto _ : state) {
        const auto outcome = http::evaluateConditions(head, validators, 1700000000);
        benchmark::DoNotOptimize(outcome);
    }
}
BENCHMARK(conditions);

void chunkedBody(benchmark::State &state) {
    const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
    std::string bytes;
    for (int count = 0; count < 16; ++count) bytes += chunk;
    bytes += "0\r\n\r\n";
    for (auto _ : state) {
        auto reader = http::BodyReader::chunked(UINT64_MAX);
        for (std::string_view rest = bytes; !rest.empty();) rest.remove_prefix(reader.read(rest).consumed);
        if (!reader.isComplete()) return state.SkipWithError("the body is not complete");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(chunkedBody);

}  // namespace

BENCHMARK_MAIN();
