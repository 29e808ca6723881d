#include "access/authenticator.h"

#include "base/encodings.h"

#include <algorithm>

namespace meerkat::access {

namespace {

AuthOutcome asked(HashKinds kinds, bool isStale = false) {
    AuthOutcome outcome;
    outcome.kinds = kinds;
    outcome.isStale = isStale;
    return outcome;
}

// Where both kinds are offered a client takes SHA-256, and does not know that its user has a line of the other kind only.
bool isOfOtherKind(const DigestAnswer &answer, HashKinds kinds, const PasswordHashes *known) {
    return kinds.md5 && kinds.sha256 && answer.kind == HashKind::Sha256 && (!known || known->sha256.empty());
}

}  // namespace

Authenticator::Authenticator(const Clock &clock) : m_nonces(clock), m_wrong(clock), m_nobodysHash(hexLower(randomBytes(32))) {}

std::string Authenticator::challenge(std::string_view realm, HashKinds kinds, bool isStale) {
    return challengeFields(realm, m_nonces.issue(), kinds, isStale);
}

AuthOutcome Authenticator::check(const Credentials &credentials, const PasswordList &passwords) {
    const HashKinds kinds = passwords.kinds();
    const auto field = credentials.head.find("Authorization");
    if (const auto basic = field && credentials.takesBasic ? parseBasicAnswer(*field) : std::nullopt)
        return checkBasic(*basic, credentials, passwords);
    const auto answer = field ? parseDigestAnswer(*field) : std::nullopt;
    if (!answer || answer->realm != credentials.realm) return asked(kinds);
    AuthOutcome outcome = asked(kinds);
    if (!isUriOf(answer->uri, credentials.head)) {
        outcome.state = AuthState::Mismatched;
        return outcome;
    }
    if (!m_nonces.isCurrent(answer->nonce)) return asked(kinds, true);
    const PasswordHashes *known = passwords.find(answer->user);
    if (isOfOtherKind(*answer, kinds, known)) return asked({true, false}, true);
    // Who came in with this nonce before is not who guesses, though they may share an address.
    // Nor is an attempt that was let in kept from its second list.
    const bool isKnown = credentials.wrong > 0 || m_nonces.wasUsedBy(answer->nonce, answer->user);
    outcome.waitSeconds = isKnown ? 0 : m_wrong.waitSeconds(credentials.peer);
    if (outcome.waitSeconds > 0) {
        outcome.state = AuthState::Slowed;
        return outcome;
    }
    outcome.user = answer->user;
    if (!isRight(*answer, credentials.head.methodName, known)) {
        // One attempt, however many lists it was tried with.
        if (credentials.wrong == 0) m_wrong.add(credentials.peer);
        outcome.isWrong = true;
        return outcome;
    }
    if (!credentials.isCounted && !m_nonces.use(answer->nonce, answer->count, answer->user)) return asked(kinds, true);
    m_wrong.takeBack(credentials.peer, std::min(credentials.wrong, 1));
    outcome.state = AuthState::Granted;
    return outcome;
}

AuthOutcome Authenticator::checkBasic(const BasicAnswer &answer, const Credentials &credentials, const PasswordList &passwords) {
    AuthOutcome outcome = asked(passwords.kinds());
    outcome.waitSeconds = credentials.wrong > 0 ? 0 : m_wrong.waitSeconds(credentials.peer);
    if (outcome.waitSeconds > 0) {
        outcome.state = AuthState::Slowed;
        return outcome;
    }
    outcome.user = answer.user;
    if (!isPassword(answer, credentials.realm, passwords.find(answer.user))) {
        // One attempt, however many lists it was tried with.
        if (credentials.wrong == 0) m_wrong.add(credentials.peer);
        outcome.isWrong = true;
        return outcome;
    }
    m_wrong.takeBack(credentials.peer, std::min(credentials.wrong, 1));
    outcome.state = AuthState::Granted;
    return outcome;
}

// Both hashes are made, so that a name without a line, or with one of the other kind, costs the same.
bool Authenticator::isPassword(const BasicAnswer &answer, std::string_view realm, const PasswordHashes *known) const {
    bool isRight = false;
    for (const HashKind kind : {HashKind::Md5, HashKind::Sha256}) {
        const std::string_view ofUser = known ? known->of(kind) : std::string_view{};
        const std::string_view expected = ofUser.empty() ? std::string_view(m_nobodysHash).substr(0, hexLength(kind)) : ofUser;
        const bool isEqual = equalsInConstantTime(hashHex(kind, {answer.user, ":", realm, ":", answer.password}), expected);
        isRight = isRight || (isEqual && !ofUser.empty());
    }
    return isRight;
}

bool Authenticator::isRight(const DigestAnswer &answer, std::string_view method, const PasswordHashes *known) const {
    const std::string_view ofUser = known ? known->of(answer.kind) : std::string_view{};
    const std::string_view nobodys = std::string_view(m_nobodysHash).substr(0, hexLength(answer.kind));
    const std::string expected = expectedResponse(answer, ofUser.empty() ? nobodys : ofUser, method);
    const bool isEqual = equalsInConstantTime(expected, answer.response);
    return isEqual && !ofUser.empty();
}

}  // namespace meerkat::access
