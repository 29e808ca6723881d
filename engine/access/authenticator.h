// Station: a request's credentials -> who it is. From server, with the list that guard or a program chose. RFC 7616; over TLS alone also RFC 7617, which is
// never offered, but taken from programs that know no Digest (rclone).
// The order keeps secrets: what a client could not have from us is refused before any password is looked at, and a name that is not in the list costs what a
// wrong password costs.
#pragma once

#include "access/basic.h"
#include "access/digest.h"
#include "access/nonce_store.h"
#include "access/password_list.h"
#include "access/wrong_answers.h"

#include <string>
#include <string_view>

namespace meerkat::access {

struct Credentials {
    const http::RequestHead &head;
    const os::Endpoint &peer;
    std::string_view realm;
    // What became of lists that were asked about this request before:
    bool isCounted = false;   // its nonce count was taken
    int wrong = 0;            // so many found it wrong
    bool takesBasic = false;  // the password may come as it is: nobody else can read it
};

enum class AuthState : std::uint8_t {
    Granted,     // to `user`
    Asked,       // send a challenge
    Slowed,      // too many wrong answers: `waitSeconds`
    Mismatched,  // made for another request: 400
};
struct AuthOutcome {
    AuthState state = AuthState::Asked;
    std::string user;      // Granted, and where isWrong the name that was tried
    bool isWrong = false;  // Asked: name or password were wrong
    bool isStale = false;  // Asked: the client may try again without asking a person
    HashKinds kinds;       // Asked: what to offer
    int waitSeconds = 0;
};

class Authenticator {
  public:
    explicit Authenticator(const Clock &clock);

    AuthOutcome check(const Credentials &credentials, const PasswordList &passwords);
    // Fields of a 401.
    std::string challenge(std::string_view realm, HashKinds kinds, bool isStale);

  private:
    AuthOutcome checkBasic(const BasicAnswer &answer, const Credentials &credentials, const PasswordList &passwords);
    bool isPassword(const BasicAnswer &answer, std::string_view realm, const PasswordHashes *known) const;
    bool isRight(const DigestAnswer &answer, std::string_view method, const PasswordHashes *known) const;

    NonceStore m_nonces;
    WrongAnswers m_wrong;
    std::string m_nobodysHash;  // stands in for the hash of a name without a line
};

}  // namespace meerkat::access
