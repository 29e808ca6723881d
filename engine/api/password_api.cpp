// The functions of mongoose.h about password files.
#include "access/password_file.h"
#include "api/handle.h"

using meerkat::server::Face;

int mg_modify_passwords_file(const char *passwords_file_name, const char *domain, const char *user, const char *password) {
    if (!passwords_file_name || !domain || !user) return 0;
    std::optional<std::string_view> wanted;
    if (password) wanted = password;
    return meerkat::access::changePassword(passwords_file_name, domain, user, wanted) ? 1 : 0;
}

int mg_authorize_digest(mg_connection *connection, FILE *file) {
    if (!connection || !file) return 0;
    Face &face = Face::of(*connection);
    return face.program.passwordChecker.isAuthorised(face, file) ? 1 : 0;
}
