// Station: password files that were read. From guard: an unchanged file is not read again, a changed one counts from the next request on.
#pragma once

#include "access/password_list.h"
#include "base/clock.h"
#include "os/file.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace meerkat::access {

class PasswordFiles {
  public:
    static constexpr std::size_t kMostFiles = 32;
    static constexpr std::uint64_t kLargestFile = 64 * 1024 * 1024;

    explicit PasswordFiles(const Clock &clock) : m_clock(clock) {}

    // The list of the file of that name, of which `seen` is known now; `open` is called if it must be read. Null: it cannot be read, or is no file, or
    // was written to meanwhile. Valid until the next call.
    const PasswordList *read(const std::string &name, const os::FileInfo &seen, std::string_view realm,
                             const std::function<os::File()> &open);
    void forget() { m_files.clear(); }

  private:
    struct Entry {
        os::FileInfo info;
        std::string realm;
        std::unique_ptr<PasswordList> list;
        bool isSettled = false;  // a later change will show in its info
        std::uint64_t lastUse = 0;
    };

    void makeRoom();

    const Clock &m_clock;
    std::uint64_t m_uses = 0;
    std::map<std::string, Entry> m_files;
};

}  // namespace meerkat::access
