#include "support/guard_page.h"

#include <cstdlib>
#include <cstring>

#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace meerkat::test {
namespace {

#ifdef _WIN32

std::size_t pageBytes() {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwPageSize;
}
char *reserve(std::size_t bytes) { return static_cast<char *>(VirtualAlloc(nullptr, bytes, MEM_RESERVE, PAGE_NOACCESS)); }
bool open(char *at, std::size_t bytes) { return VirtualAlloc(at, bytes, MEM_COMMIT, PAGE_READWRITE) != nullptr; }
void release(char *pages, std::size_t) { VirtualFree(pages, 0, MEM_RELEASE); }

#else

std::size_t pageBytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
char *reserve(std::size_t bytes) {
    void *pages = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? nullptr : static_cast<char *>(pages);
}
bool open(char *at, std::size_t bytes) { return mprotect(at, bytes, PROT_READ | PROT_WRITE) == 0; }
void release(char *pages, std::size_t bytes) { munmap(pages, bytes); }

#endif

}  // namespace

GuardPage::GuardPage(std::size_t capacity) : m_pageBytes(pageBytes()) {
    m_dataBytes = (capacity + m_pageBytes - 1) / m_pageBytes * m_pageBytes;
    m_pages = reserve(m_dataBytes + 2 * m_pageBytes);
    if (!m_pages || !open(m_pages + m_pageBytes, m_dataBytes)) std::abort();
}

GuardPage::~GuardPage() { release(m_pages, m_dataBytes + 2 * m_pageBytes); }

std::string_view GuardPage::beforeGuard(std::string_view bytes) {
    if (bytes.size() > m_dataBytes) std::abort();
    char *place = m_pages + m_pageBytes + m_dataBytes - bytes.size();
    if (!bytes.empty()) std::memcpy(place, bytes.data(), bytes.size());
    return {place, bytes.size()};
}

std::string_view GuardPage::afterGuard(std::string_view bytes) {
    if (bytes.size() > m_dataBytes) std::abort();
    char *place = m_pages + m_pageBytes;
    if (!bytes.empty()) std::memcpy(place, bytes.data(), bytes.size());
    return {place, bytes.size()};
}

}  // namespace meerkat::test
