#include "os/account.h"

#include <cerrno>
#include <grp.h>
#include <optional>
#include <pwd.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace meerkat::os {

namespace {

constexpr std::size_t kFirstRoom = 4096;
constexpr std::size_t kMostRoom = 1024 * 1024;

struct Account {
    std::string name;
    uid_t user = 0;
    gid_t group = 0;
};

std::string quotedName(const std::string &name) { return "\"" + name + "\""; }

std::string words(int code) { return std::generic_category().message(code); }

// Asks with as much room as the answer takes. `ask` is getpwnam_r or getpwuid_r with its first argument bound.
template <typename Ask>
std::optional<Account> lookUp(Ask ask, int &code) {
    std::vector<char> room(kFirstRoom);
    passwd entry{};
    passwd *found = nullptr;
    while ((code = ask(&entry, room.data(), room.size(), &found)) == ERANGE && room.size() < kMostRoom)
        room.resize(room.size() * 2);
    if (code != 0 || !found) return std::nullopt;
    return Account{found->pw_name, found->pw_uid, found->pw_gid};
}

// Some systems tell of a missing name by one of these.
bool meansNobody(int code) { return code == 0 || code == ENOENT || code == ESRCH || code == EBADF || code == EPERM; }

Result<Account> accountOf(const std::string &name) {
    int code = 0;
    const auto account = lookUp([&](auto... rest) { return getpwnam_r(name.c_str(), rest...); }, code);
    if (account) return *account;
    if (meansNobody(code)) return Failure{"There is no user " + quotedName(name) + " on this computer", code};
    return Failure{"The user " + quotedName(name) + " can't be looked up: " + words(code), code};
}

bool isUser(const Account &account) { return getuid() == account.user && geteuid() == account.user; }
bool isInGroup(const Account &account) { return getgid() == account.group && getegid() == account.group; }

// Systems differ in the types of these.
template <typename Count>
bool setGroups(int (*set)(Count, const gid_t *), const std::vector<gid_t> &groups) {
    return set(static_cast<Count>(groups.size()), groups.data()) == 0;
}
template <typename Group>
bool setGroupsOf(int (*set)(const char *, Group), const Account &account) {
    return set(account.name.c_str(), static_cast<Group>(account.group)) == 0;
}

std::string refusal(const std::string &name) {
    return "This program can't become " + quotedName(name) + ": it runs as " + ownUser() + ", and only what root has started may";
}

// The groups of a program that is root's, to give them back.
class Groups {
  public:
    Groups() : m_group(getegid()) {
        const int count = getgroups(0, nullptr);
        m_groups.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        m_isKnown = count >= 0 && getgroups(count, m_groups.data()) == count;
    }
    bool isKnown() const { return m_isKnown; }
    bool restore() const { return setgid(m_group) == 0 && setGroups(&setgroups, m_groups); }

  private:
    gid_t m_group;
    std::vector<gid_t> m_groups;
    bool m_isKnown = false;
};

// Nothing, or what the system does not let us do, and errno. The user goes last, since he has no right to change the groups.
const char *change(const Account &account) {
    if (!setGroupsOf(&initgroups, account)) return "change its groups";
    if (setgid(account.group) != 0) return "change its group";
    if (setuid(account.user) != 0) return "change its user";
    if (!isUser(account) || !isInGroup(account)) return "change all of it";
    // A system that leaves a door open has not done what was asked.
    if (account.user != 0 && (setuid(0) == 0 || seteuid(0) == 0)) return "give up the way back to root";
    return nullptr;
}

std::string changeOrLeave(const Account &account) {
    const Groups before;
    errno = 0;
    const char *obstacle = before.isKnown() ? change(account) : "tell its groups";
    if (!obstacle) return {};
    const std::string why = errno == 0 ? std::string() : ": " + words(errno);
    const bool isRestored = !before.isKnown() || before.restore();
    return "This program can't become " + quotedName(account.name) + ": the system does not let it " + obstacle + why +
           (isRestored ? "" : ". Some of its rights are gone already: it should be started anew");
}

}  // namespace

bool canBecomeUser() { return true; }

std::string ownUser() {
    int code = 0;
    const uid_t user = geteuid();
    const auto account = lookUp([&](auto... rest) { return getpwuid_r(user, rest...); }, code);
    return account ? account->name : "user " + std::to_string(user);
}

std::string whyNotUser(const std::string &name) {
    const auto account = accountOf(name);
    if (!account) return account.failure().text;
    return geteuid() == 0 || isUser(*account) ? std::string() : refusal(name);
}

std::string becomeUser(const std::string &name) {
    const auto account = accountOf(name);
    if (!account) return account.failure().text;
    if (geteuid() == 0) return changeOrLeave(*account);
    return isUser(*account) ? std::string() : refusal(name);
}

}  // namespace meerkat::os
