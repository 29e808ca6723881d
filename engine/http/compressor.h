// Station: bytes -> fewer bytes, in a coding that a client takes. From files/coded_files. RFC 1952 (gzip), RFC 7932 (brotli).
// Libraries: libdeflate for whole bodies, at two to three times the speed of zlib; zlib for those that come in pieces, which libdeflate can't; libbrotli for both.
#pragma once

#include "http/accepted_codings.h"

#include <memory>
#include <string>
#include <string_view>

struct libdeflate_compressor;

namespace meerkat::http {

// Gzip and Brotli can be made; the same bytes give the same ones again.
inline bool canBeMade(Coding coding) { return coding == Coding::Gzip || coding == Coding::Brotli; }

// For bodies that are in memory as a whole. Keeps what it works with.
class Compressor {
  public:
    Compressor() = default;
    ~Compressor();
    Compressor(const Compressor &) = delete;
    Compressor &operator=(const Compressor &) = delete;

    // "" if it would be no shorter, or memory is short.
    std::string compressed(Coding coding, std::string_view bytes);

  private:
    std::string gzipped(std::string_view bytes);

    libdeflate_compressor *m_gzip = nullptr;  // owned; made when first needed
};

// For bodies that come in pieces; under half a megabyte of memory each.
class CompressionStream {
  public:
    // Null if memory is short.
    static std::unique_ptr<CompressionStream> begin(Coding coding);
    virtual ~CompressionStream() = default;
    // Appends what is ready of it. False: it failed, and nothing more will come.
    virtual bool add(std::string_view bytes, bool isLast, std::string &out) = 0;
};

}  // namespace meerkat::http
