// Station: compressed bytes -> an answer's body. From files/file_answers, to http_protocol: a copy that is there, and one that is made while it is sent.
#pragma once

#include "files/coded_copies.h"
#include "http/compressor.h"
#include "http/handler.h"
#include "os/file.h"

#include <cstdint>
#include <memory>
#include <string>

namespace meerkat::files {

// For HttpProtocol::sendFrom.
class BytesSource final : public http::AnswerSource {
  public:
    explicit BytesSource(CodedBytes bytes) : m_bytes(std::move(bytes)) {}
    bool produce(http::HttpProtocol &http) override;

  private:
    CodedBytes m_bytes;
    std::size_t m_sent = 0;
};

// What streams under way share; outlives them.
struct CodedStreams {
    // Each takes memory and all take the one thread's time: who comes when so many are under way gets the file as it is.
    static constexpr int kMost = 16;
    CodedCopies copies;
    int running = 0;
};

// For HttpProtocol::sendStream. A file that can't be read to its end ends the connection, so that nobody takes the part for the whole.
class CodedSource final : public http::AnswerSource {
  public:
    // `mayKeep`: the file will not change without its time telling, so the copy is kept when it is whole.
    CodedSource(CodedStreams &streams, os::File file, const os::FileInfo &info, http::Coding coding,
                std::unique_ptr<http::CompressionStream> stream, bool mayKeep);
    ~CodedSource() override { --m_streams.running; }
    bool produce(http::HttpProtocol &http) override;

  private:
    bool addPiece(std::string &out);
    void keepCopy();

    CodedStreams &m_streams;
    os::File m_file;
    os::FileInfo m_info;
    http::Coding m_coding;
    std::unique_ptr<http::CompressionStream> m_stream;
    std::string m_made;  // all of it, as long as it may be kept
    std::uint64_t m_read = 0;
    std::uint64_t m_pass = 0;
    bool m_mayKeep;
};

}  // namespace meerkat::files
