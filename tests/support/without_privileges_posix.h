// For a test that runs as root: for as long as this lives, all threads of the program are nobody's, and permissions count.
#pragma once

#include <unistd.h>

class WithoutPrivileges {
  public:
    WithoutPrivileges() : m_wasRoot(geteuid() == 0), m_isOrdinary(!m_wasRoot || seteuid(kNobody) == 0) {}
    ~WithoutPrivileges() {
        if (m_wasRoot && seteuid(0) != 0) _exit(1);
    }
    WithoutPrivileges(const WithoutPrivileges &) = delete;
    WithoutPrivileges &operator=(const WithoutPrivileges &) = delete;
    bool isOrdinary() const { return m_isOrdinary; }

    static constexpr uid_t kNobody = 65534;

  private:
    bool m_wasRoot;
    bool m_isOrdinary;
};
