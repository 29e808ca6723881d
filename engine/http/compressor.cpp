#include "http/compressor.h"

#include <array>
#include <brotli/encode.h>
#include <libdeflate.h>
#include <zlib.h>

namespace meerkat::http {

namespace {

// Cheap ones: above them a few hundredths of the size cost as much time again.
constexpr int kGzipLevel = 1;
constexpr int kBrotliLevel = 4;
// As far as a stream looks back: 256 KB.
constexpr int kStreamedBrotliWindow = 18;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for gzip's frame
constexpr int kGzipMemory = 8;

constexpr std::size_t kPieceBytes = 16 * 1024;

std::string brotliCompressed(std::string_view bytes) {
    std::string out(bytes.size(), '\0');
    std::size_t length = out.size();
    const auto done = BrotliEncoderCompress(kBrotliLevel, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                                            reinterpret_cast<const std::uint8_t *>(bytes.data()), &length,
                                            reinterpret_cast<std::uint8_t *>(out.data()));
    out.resize(done == BROTLI_TRUE && length < bytes.size() ? length : 0);
    return out;
}

class GzipStream final : public CompressionStream {
  public:
    ~GzipStream() override {
        if (m_isMade) deflateEnd(&m_zlib);
    }
    bool make() {
        m_isMade = deflateInit2(&m_zlib, kGzipLevel, Z_DEFLATED, kGzipWindow, kGzipMemory, Z_DEFAULT_STRATEGY) == Z_OK;
        return m_isMade;
    }
    bool add(std::string_view bytes, bool isLast, std::string &out) override {
        m_zlib.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
        m_zlib.avail_in = static_cast<uInt>(bytes.size());
        std::array<char, kPieceBytes> piece;
        do {
            m_zlib.next_out = reinterpret_cast<Bytef *>(piece.data());
            m_zlib.avail_out = static_cast<uInt>(piece.size());
            const int result = deflate(&m_zlib, isLast ? Z_FINISH : Z_NO_FLUSH);
            if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
            out.append(piece.data(), piece.size() - m_zlib.avail_out);
        } while (m_zlib.avail_out == 0);
        return true;
    }

  private:
    z_stream m_zlib{};
    bool m_isMade = false;
};

class BrotliStream final : public CompressionStream {
  public:
    ~BrotliStream() override {
        if (m_encoder) BrotliEncoderDestroyInstance(m_encoder);
    }
    bool make() {
        m_encoder = BrotliEncoderCreateInstance(nullptr, nullptr, nullptr);
        return m_encoder && BrotliEncoderSetParameter(m_encoder, BROTLI_PARAM_QUALITY, kBrotliLevel) == BROTLI_TRUE &&
               BrotliEncoderSetParameter(m_encoder, BROTLI_PARAM_LGWIN, kStreamedBrotliWindow) == BROTLI_TRUE;
    }
    bool add(std::string_view bytes, bool isLast, std::string &out) override {
        std::size_t left = bytes.size();
        const auto *next = reinterpret_cast<const std::uint8_t *>(bytes.data());
        const auto operation = isLast ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
        do {
            std::size_t room = 0;
            if (BrotliEncoderCompressStream(m_encoder, operation, &left, &next, &room, nullptr, nullptr) != BROTLI_TRUE)
                return false;
            std::size_t length = 0;
            const std::uint8_t *made = BrotliEncoderTakeOutput(m_encoder, &length);
            out.append(reinterpret_cast<const char *>(made), length);
        } while (left > 0 || BrotliEncoderHasMoreOutput(m_encoder) == BROTLI_TRUE);
        return true;
    }

  private:
    BrotliEncoderState *m_encoder = nullptr;
};

template <class Stream>
std::unique_ptr<CompressionStream> made() {
    auto stream = std::make_unique<Stream>();
    if (!stream->make()) return nullptr;
    return stream;
}

}  // namespace

Compressor::~Compressor() {
    if (m_gzip) libdeflate_free_compressor(m_gzip);
}

std::string Compressor::compressed(Coding coding, std::string_view bytes) {
    if (coding == Coding::Gzip) return gzipped(bytes);
    return coding == Coding::Brotli ? brotliCompressed(bytes) : std::string();
}

std::string Compressor::gzipped(std::string_view bytes) {
    if (!m_gzip) m_gzip = libdeflate_alloc_compressor(kGzipLevel);
    if (!m_gzip) return {};
    // What does not fit in the length of the original is not wanted.
    std::string out(bytes.size(), '\0');
    const std::size_t length = libdeflate_gzip_compress(m_gzip, bytes.data(), bytes.size(), out.data(), out.size());
    out.resize(length < bytes.size() ? length : 0);
    return out;
}

std::unique_ptr<CompressionStream> CompressionStream::begin(Coding coding) {
    if (coding == Coding::Gzip) return made<GzipStream>();
    return coding == Coding::Brotli ? made<BrotliStream>() : nullptr;
}

}  // namespace meerkat::http
