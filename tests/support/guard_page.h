// Station: parser tests. Puts input right against memory that nobody may touch, so that reading past it, or before it, is a crash
// and not luck.
#pragma once

#include <cstddef>
#include <string_view>

namespace meerkat::test {

// Pages that can be read between two that cannot. One input at a time: placing the next overwrites the last.
class GuardPage {
  public:
    explicit GuardPage(std::size_t capacity);
    ~GuardPage();
    GuardPage(const GuardPage &) = delete;
    GuardPage &operator=(const GuardPage &) = delete;

    // A copy of `bytes`, at most `capacity` of them: the byte behind its last cannot be read.
    std::string_view beforeGuard(std::string_view bytes);
    // The same, but the byte before its first cannot be read.
    std::string_view afterGuard(std::string_view bytes);

  private:
    char *m_pages = nullptr;
    std::size_t m_pageBytes = 0;
    std::size_t m_dataBytes = 0;  // whole pages
};

}  // namespace meerkat::test
