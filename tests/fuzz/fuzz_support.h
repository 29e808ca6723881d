// Station: the fuzz targets. What holds for every input is required, also in builds without assertions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace meerkat::fuzz {

inline void require(bool condition, const char *what) {
    if (condition) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

inline std::string_view toView(const std::uint8_t *data, std::size_t size) {
    return {reinterpret_cast<const char *>(data), size};
}

// A view inside of `bytes`; an empty one may be anywhere.
inline void requireInside(std::string_view view, std::string_view bytes) {
    if (view.empty()) return;
    require(view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size(),
            "views lie inside of the input");
}

// A copy with nothing around it, so that the address sanitizer sees a read past either end.
class ExactCopy {
  public:
    explicit ExactCopy(std::string_view bytes) : m_bytes(std::make_unique<char[]>(bytes.size())), m_size(bytes.size()) {
        if (m_size > 0) std::memcpy(m_bytes.get(), bytes.data(), m_size);
    }
    std::string_view view() const { return {m_bytes.get(), m_size}; }

  private:
    std::unique_ptr<char[]> m_bytes;
    std::size_t m_size;
};

// Takes the first byte off the input, for a choice; 0 if there is none.
inline unsigned takeByte(std::string_view &bytes) {
    if (bytes.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    return byte;
}

}  // namespace meerkat::fuzz
