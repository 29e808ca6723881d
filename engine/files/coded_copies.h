// Station: compressed copies of files, by the file's identity. From files/file_answers, which makes them, back to it. Bounded; the older half goes when it is full.
#pragma once

#include "http/accepted_codings.h"
#include "os/file.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace meerkat::files {

// Shared, since answers that send a copy may outlive it here.
using CodedBytes = std::shared_ptr<const std::string>;

class CodedCopies {
  public:
    // A longer one is not kept.
    static constexpr std::size_t kLongest = 1024 * 1024;

    // compression_cache_bytes; 0 keeps nothing.
    void setLimit(std::size_t bytes);
    bool isOn() const { return m_limit > 0; }
    // Null if there is none.
    CodedBytes find(const os::FileInfo &file, http::Coding coding);
    void keep(const os::FileInfo &file, http::Coding coding, CodedBytes bytes);
    std::size_t bytes() const { return m_bytes; }

  private:
    struct Entry {
        CodedBytes bytes;
        std::uint64_t lastUse = 0;
    };

    static std::string keyOf(const os::FileInfo &file, http::Coding coding);
    void makeRoom();

    std::unordered_map<std::string, Entry> m_copies;
    std::size_t m_limit = 0;
    std::size_t m_bytes = 0;
    std::uint64_t m_uses = 0;
};

}  // namespace meerkat::files
