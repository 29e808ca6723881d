// Station: PUT -> a file below the root. From server, which has asked for the password, to os/new_file. RFC 9110 section 9.3.4.
// The body goes to the disk while it comes; what visitors see is the old file or the new one, whole.
#pragma once

#include "http/http_protocol.h"
#include "os/file.h"
#include "os/new_file.h"

#include <memory>
#include <string_view>

namespace meerkat::dav {

class Put final {
  public:
    struct Asked {
        std::string_view relative;  // below the root, as os::Root wants it
        os::Replacing replacing = os::Replacing::Yes;
        std::uint64_t bytes = 0;  // that are announced; 0 where nobody knows
    };
    // Null and `status` to refuse with: 403, 404 the folder leads nowhere, 405 a folder has that name, 409 there is no such folder, or
    // Replacing::No and something has the name, 412 a condition does not hold, 500, 503, 507.
    static std::unique_ptr<Put> begin(const os::Root &root, const Asked &asked, const http::RequestHead &head,
                                      std::int64_t nowSeconds, int &status);

    // Nothing had the name when it was begun.
    bool isNew() const { return m_isNew; }
    const os::File &folder() const { return m_file->folder(); }
    // The next bytes of the body. 0, or the status to refuse the request with (507 when the disk is full).
    int take(std::string_view bytes);
    // All of it was taken. 201 for a new file, 204 for one that was replaced, or the status to refuse with.
    int finish();

  private:
    Put(std::unique_ptr<os::NewFile> file, bool isNew, os::Replacing replacing, int takenStatus)
        : m_file(std::move(file)), m_replacing(replacing), m_takenStatus(takenStatus), m_isNew(isNew) {}

    std::unique_ptr<os::NewFile> m_file;
    os::Replacing m_replacing;
    int m_takenStatus;  // where somebody else was quicker
    bool m_isNew;
};

int statusOf(os::WriteState state);
// 0, or why no file of that name can be put there: 412 the request's conditions do not hold, 409 Replacing::No and something has it.
// `old`: what was looked up there.
int placeStatus(const os::Root &root, std::string_view relative, const os::OpenOutcome &old, os::Replacing replacing,
                const http::RequestHead &head, std::int64_t nowSeconds);
// Whether the client wants nothing replaced.
bool wantsNewOnly(const http::RequestHead &head);
// 0, or why nothing can be put into what was opened there.
int folderStatus(const os::OpenOutcome &folder);
// The disk is known to have no room for so many bytes.
bool lacksRoom(const os::File &folder, std::uint64_t bytes);

}  // namespace meerkat::dav
