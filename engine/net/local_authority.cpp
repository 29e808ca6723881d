#include "net/local_authority.h"

#include "net/credentials.h"
#include "os/edit_file.h"
#include "os/local_names.h"
#include "os/small_file.h"

#include <algorithm>
#include <cctype>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <optional>

namespace meerkat::net {

namespace {

constexpr std::int64_t kDaySeconds = 24 * 60 * 60;
// An authority this near its end is replaced, so that what it issues does not outlive it by much.
constexpr std::int64_t kLastDays = 30;
// A machine with more addresses than this has them for other purposes.
constexpr std::size_t kMostAddresses = 200;

Failure notMade(std::string_view what) { return {std::string(what) + " cannot be made: " + takeOpensslReason()}; }

// A name that may stand in a certificate.
bool isDnsName(std::string_view name) {
    const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.'; };
    return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), fits);
}

template <class T>
void sortOut(std::vector<T> &list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

// Without dots at its end; in small letters, as names are compared.
std::string tidyName(std::string_view name) {
    while (name.ends_with('.')) name.remove_suffix(1);
    std::string tidy(name);
    std::transform(tidy.begin(), tidy.end(), tidy.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return tidy;
}

// 128 bits without a sign: no two certificates of an authority may have the same number.
bool setSerial(X509 *certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x3f) | 0x40);
    const std::unique_ptr<BIGNUM, Releaser<BN_free>> number(BN_bin2bn(bytes, sizeof bytes, nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool setName(X509_NAME *name, const std::string &common) {
    const auto *organisation = reinterpret_cast<const unsigned char *>("Meerkat");
    // 64 characters are the most that a common name may have (RFC 5280 appendix A.1).
    const std::string cut = common.substr(0, 64);
    return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, organisation, -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(cut.c_str()), -1, -1,
                                      0) == 1;
}

bool setTerm(X509 *certificate, std::int64_t from, std::int64_t until) {
    time_t base = 0;
    const auto set = [&](ASN1_TIME *time, std::int64_t seconds) {
        return X509_time_adj_ex(time, static_cast<int>(seconds / kDaySeconds), static_cast<long>(seconds % kDaySeconds), &base);
    };
    return set(X509_getm_notBefore(certificate), from) && set(X509_getm_notAfter(certificate), until);
}

bool extend(X509 *certificate, X509 *issuer, int kind, const std::string &value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>> made(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return made && X509_add_ext(certificate, made.get(), -1) == 1;
}

// What both kinds have; `issuer` null: its own.
OwnedCertificate newCertificate(EVP_PKEY *key, const std::string &name, X509 *issuer, std::int64_t from, std::int64_t until) {
    OwnedCertificate made(X509_new());
    X509 *certificate = made.get();
    if (!certificate || X509_set_version(certificate, X509_VERSION_3) != 1 || !setSerial(certificate)) return nullptr;
    if (!setTerm(certificate, from, until) || !setName(X509_get_subject_name(certificate), name)) return nullptr;
    const X509_NAME *above = X509_get_subject_name(issuer ? issuer : certificate);
    if (X509_set_issuer_name(certificate, above) != 1 || X509_set_pubkey(certificate, key) != 1) return nullptr;
    if (!extend(certificate, issuer ? issuer : certificate, NID_subject_key_identifier, "hash")) return nullptr;
    return made;
}

OwnedCertificate newAuthority(EVP_PKEY *key, std::int64_t now) {
    const std::string host = os::hostName();
    const std::string name = "Meerkat on " + (host.empty() ? std::string("this computer") : host);
    auto made = newCertificate(key, name, nullptr, now - kDaySeconds, now + LocalAuthority::kAuthorityDays * kDaySeconds);
    if (!made) return nullptr;
    X509 *certificate = made.get();
    const bool isWhole = extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                         extend(certificate, certificate, NID_key_usage, "critical,keyCertSign") &&
                         X509_sign(certificate, key, EVP_sha256()) > 0;
    return isWhole ? std::move(made) : nullptr;
}

std::string alternativeNames(const LocalNames &names) {
    std::string list;
    for (const auto &name : names.names) list.append(list.empty() ? "DNS:" : ",DNS:").append(name);
    for (const auto &address : names.addresses) list.append(list.empty() ? "IP:" : ",IP:").append(address);
    return list;
}

std::string textOf(BIO *bio) {
    char *bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return std::string(bytes, static_cast<std::size_t>(size));
}

// The key in front of the certificate, or the certificate alone; "" if there is not enough memory.
std::string pemOf(EVP_PKEY *key, X509 *certificate) {
    const OwnedBio bio(BIO_new(BIO_s_secmem()));
    if (!bio || (key && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)) return {};
    return PEM_write_bio_X509(bio.get(), certificate) == 1 ? textOf(bio.get()) : "";
}

bool isPastItsEnd(const X509 *certificate, std::int64_t now) {
    time_t limit = static_cast<time_t>(now + kLastDays * kDaySeconds);
    return X509_cmp_time(X509_get0_notAfter(certificate), &limit) < 0;
}

std::string newAuthorityPem(std::int64_t now) {
    ERR_clear_error();
    const OwnedKey key(EVP_EC_gen("P-256"));
    const OwnedCertificate certificate = key ? newAuthority(key.get(), now) : nullptr;
    return certificate ? pemOf(key.get(), certificate.get()) : std::string();
}

// The authority's file as it is in the end. Another program may make or replace it at the same time: editFile lets one of them do it.
Result<std::string> settleAuthority(const std::string &path, std::int64_t now) {
    std::string settled;
    std::optional<Failure> refusal;
    const auto settle = [&](const std::string &old) -> std::optional<std::string> {
        settled = old;
        if (!old.empty()) {
            const auto credentials = readCredentials(old, "The file '" + path + "'");
            if (!credentials) {
                refusal = {credentials.failure().text + ", or remove the file: a new authority is then made"};
                return std::nullopt;
            }
            if (!isPastItsEnd(credentials->certificate.get(), now)) return std::nullopt;
        }
        settled = newAuthorityPem(now);
        if (!settled.empty()) return settled;
        refusal = notMade("An authority");
        return std::nullopt;
    };
    const auto edited = os::editFile(path, settle);
    if (!edited) return edited.failure();
    if (refusal) return *refusal;
    return settled;
}

}  // namespace

LocalNames localNames() { return localNamesFrom(os::hostName(), os::localAddresses()); }

LocalNames localNamesFrom(std::string_view hostName, const std::vector<os::Endpoint> &addresses) {
    LocalNames found{{"localhost"}, {}};
    const std::string host = tidyName(hostName);
    if (isDnsName(host)) {
        found.names.push_back(host);
        const std::string first = host.substr(0, host.find('.'));
        if (first != "localhost") found.names.push_back(first + ".local");
    }
    for (const auto &address : addresses) found.addresses.push_back(os::ipText(address));
    sortOut(found.addresses);
    if (found.addresses.size() > kMostAddresses) found.addresses.resize(kMostAddresses);
    found.addresses.insert(found.addresses.end(), {"127.0.0.1", "::1"});
    sortOut(found.names);
    sortOut(found.addresses);
    return found;
}

std::string defaultAuthorityFolder() {
    const std::string settings = os::settingsFolder();
    return settings.empty() ? "" : settings + "/tls";
}

Result<std::unique_ptr<LocalAuthority>> LocalAuthority::open(std::string_view folder, std::int64_t wallSeconds) {
    const std::string place(folder);
    const auto made = os::makeFolders(place);
    if (!made) return made.failure();
    const std::string keyFile = place + "/" + kKeyFile;
    auto pem = settleAuthority(keyFile, wallSeconds);
    if (!pem) return pem.failure();
    auto credentials = readCredentials(*pem, "The file '" + keyFile + "'");
    OPENSSL_cleanse(pem->data(), pem->size());
    if (!credentials) return credentials.failure();
    std::unique_ptr<LocalAuthority> authority(new LocalAuthority(credentials->key.release(), credentials->certificate.release()));
    const auto keep = [&](const std::string &old) -> std::optional<std::string> {
        return old == authority->m_certificatePem ? std::nullopt : std::optional(authority->m_certificatePem);
    };
    const auto kept = os::editFile(place + "/" + kCertificateFile, keep);
    if (!kept) return kept.failure();
    return authority;
}

LocalAuthority::LocalAuthority(evp_pkey_st *key, x509_st *certificate)
    : m_key(key), m_certificate(certificate), m_certificatePem(pemOf(nullptr, certificate)) {}

LocalAuthority::~LocalAuthority() {
    EVP_PKEY_free(m_key);
    X509_free(m_certificate);
}

Result<std::string> LocalAuthority::issue(const LocalNames &names, std::int64_t wallSeconds) const {
    ERR_clear_error();
    const OwnedKey key(EVP_EC_gen("P-256"));
    if (!key) return notMade("A key");
    const std::int64_t from = wallSeconds - kDaySeconds;
    // The last second counts too (RFC 5280 section 4.1.2.5).
    const auto made = newCertificate(key.get(), "Meerkat", m_certificate, from, from + kLeafDays * kDaySeconds - 1);
    X509 *certificate = made.get();
    const bool isWhole = certificate && extend(certificate, m_certificate, NID_authority_key_identifier, "keyid:always") &&
                         extend(certificate, m_certificate, NID_basic_constraints, "critical,CA:FALSE") &&
                         extend(certificate, m_certificate, NID_key_usage, "critical,digitalSignature") &&
                         extend(certificate, m_certificate, NID_ext_key_usage, "serverAuth") &&
                         extend(certificate, m_certificate, NID_subject_alt_name, alternativeNames(names)) &&
                         X509_sign(certificate, m_key, EVP_sha256()) > 0;
    if (!isWhole) return notMade("A certificate");
    return pemOf(key.get(), certificate);
}

}  // namespace meerkat::net
