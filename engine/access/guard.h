// Station: which password file decides about a request. From server before it serves a file, to authenticator. Fails closed: what cannot be read lets nobody
// in.
#pragma once

#include "access/password_files.h"
#include "os/file.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::access {

// What a person can set about passwords.
struct GuardSettings {
    std::string realm;          // auth_domain
    std::string globalFile;     // global_auth_file; empty: the folders' own
    std::string davFile;        // dav_auth_file, for who changes something; empty: nobody may,
    bool opensChanges = false;  // or whoever is let in to the folder
};

enum class GuardState : std::uint8_t {
    Open,           // no password is asked for
    Asked,          // `passwords` decides
    Refused,        // nobody may
    Unreadable,     // there is a password file that cannot be read: nobody may
    NoDescriptors,  // nor can it be read now, perhaps later
};
struct GuardOutcome {
    GuardState state = GuardState::Unreadable;
    const PasswordList *passwords = nullptr;  // Asked; valid until the next call
};

// True for PUT, DELETE, MKCOL, COPY, MOVE, LOCK, PROPPATCH, and for PATCH and UNLOCK.
bool changesFiles(std::string_view method);

class Guard {
  public:
    Guard(const Clock &clock, const GuardSettings &settings) : m_settings(settings), m_files(clock) {}

    // For a cleaned path ("/a/b"): the `.htpasswd` in its folder, else in the nearest above, up to the root; or what the settings name instead. The folder itself
    // belongs to its path also without a '/' at the end, but for GET and HEAD, which are only sent on to the path with it. A folder that was asked
    // about in this pass of the loop is not asked about again in it. `root` may be null: then there is no folder.
    GuardOutcome check(const os::Root *root, std::string_view method, std::string_view path, std::uint64_t pass);
    // Whoever was let in to `visited` may see `other` too: nothing guards that, or the same password file guards both.
    bool admitsAlike(const os::Root &root, std::string_view visited, std::string_view other) const;
    // After a change of the settings or the root.
    void forget();

  private:
    // Where the password file of a folder is.
    struct Place {
        GuardState state = GuardState::Open;
        std::string file;
        os::FileInfo info;
    };

    GuardOutcome byNamedFile(const std::string &name);
    GuardOutcome byFolder(const os::Root &root, std::string_view folder, std::uint64_t pass);
    static Place find(const os::Root &root, std::string_view folder);

    const GuardSettings &m_settings;
    PasswordFiles m_files;
    std::string m_lastFolder;
    const os::Root *m_lastRoot = nullptr;
    Place m_lastPlace;
    std::uint64_t m_lastPass = 0;
};

}  // namespace meerkat::access
