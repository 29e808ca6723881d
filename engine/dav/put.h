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
    // `relative`: below the root, as os::Root wants it. Null and `status` to refuse with: 400 Content-Range, 403, 404 the folder leads nowhere, 405 a
    // folder has that name, 409 there is no such folder, 412 a condition does not hold, 500, 503, 507.
    static std::unique_ptr<Put> begin(const os::Root &root, std::string_view relative, const http::RequestHead &head,
                                      std::int64_t nowSeconds, int &status);

    // Nothing had the name when it was begun.
    bool isNew() const { return m_isNew; }
    // The next bytes of the body. 0, or the status to refuse the request with (507 when the disk is full).
    int take(std::string_view bytes);
    // All of it was taken. 201 for a new file, 204 for one that was replaced, or the status to refuse with.
    int finish();

  private:
    Put(std::unique_ptr<os::NewFile> file, bool isNew) : m_file(std::move(file)), m_isNew(isNew) {}

    std::unique_ptr<os::NewFile> m_file;
    bool m_isNew;
};

}  // namespace meerkat::dav
