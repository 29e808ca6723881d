#include "net/credentials.h"

#include "os/small_file.h"

#include <algorithm>
#include <openssl/pem.h>
#include <openssl/pemerr.h>

namespace meerkat::net {

namespace {

// Keys and chains are a few kilobytes, bundles of all authorities a few hundred.
constexpr std::size_t kMostBytes = 8 * 1024 * 1024;

// What a text holds, before it is judged.
struct Blocks {
    std::vector<OwnedKey> keys;
    std::vector<OwnedCertificate> certificates;
    bool hasLockedKey = false;
    std::size_t count = 0;
};

struct Block {
    char *kind = nullptr;
    char *header = nullptr;
    unsigned char *data = nullptr;
    long size = 0;

    ~Block() {
        OPENSSL_free(kind);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    }
};

bool isCertificate(std::string_view kind) {
    return kind == PEM_STRING_X509 || kind == PEM_STRING_X509_OLD || kind == PEM_STRING_X509_TRUSTED;
}

Failure damaged(std::string_view name, std::string_view what, bool isBehindLast) {
    const std::string reason = takeOpensslReason();
    const std::string cause = reason.empty() ? "" : " (" + reason + ")";
    return {std::string(name) + " holds " + std::string(what) + " that is damaged" + cause +
            (isBehindLast ? ": copy it again, from BEGIN to END" : ": copy it again from where it came")};
}

// Nothing, or why the block can't be used.
std::string_view keep(const Block &block, Blocks &blocks) {
    const std::string_view kind = block.kind;
    const unsigned char *bytes = block.data;
    if (isCertificate(kind)) {
        OwnedCertificate certificate(kind == PEM_STRING_X509_TRUSTED ? d2i_X509_AUX(nullptr, &bytes, block.size)
                                                                     : d2i_X509(nullptr, &bytes, block.size));
        if (!certificate) return "a certificate";
        blocks.certificates.push_back(std::move(certificate));
    } else if (kind.ends_with("PRIVATE KEY")) {
        const bool isLocked =
            kind == PEM_STRING_PKCS8 || std::string_view(block.header).find("ENCRYPTED") != std::string_view::npos;
        blocks.hasLockedKey = blocks.hasLockedKey || isLocked;
        if (isLocked) return {};
        OwnedKey key(d2i_AutoPrivateKey(nullptr, &bytes, block.size));
        if (!key) return "a private key";
        blocks.keys.push_back(std::move(key));
    }
    return {};
}

Result<Blocks> readBlocks(std::string_view pem, std::string_view name) {
    ERR_clear_error();
    const OwnedBio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Blocks blocks;
    for (;;) {
        Block block;
        if (!bio || PEM_read_bio(bio.get(), &block.kind, &block.header, &block.data, &block.size) != 1) {
            const bool isEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
            if (!isEnd) return damaged(name, "a PEM block", true);
            ERR_clear_error();
            return blocks;
        }
        ++blocks.count;
        const auto what = keep(block, blocks);
        if (!what.empty()) return damaged(name, what, false);
    }
}

Failure noPem(std::string_view name) {
    return {std::string(name) +
            " holds no PEM text: it needs the blocks BEGIN PRIVATE KEY and BEGIN CERTIFICATE; openssl can convert other forms"};
}

}  // namespace

Result<Credentials> readCredentials(std::string_view pem, std::string_view name) {
    auto blocks = readBlocks(pem, name);
    if (!blocks) return blocks.failure();
    const std::string file(name);
    if (blocks->count == 0) return noPem(name);
    if (blocks->keys.empty() && blocks->hasLockedKey)
        return Failure{
            file + " holds a private key that is locked with a passphrase: unlock it once, with openssl pkey -in OLD -out NEW"};
    if (blocks->keys.empty()) return Failure{file + " holds no private key: put the key into it, in front of the certificate"};
    if (blocks->certificates.empty()) return Failure{file + " holds no certificate: put the certificate into it, behind the key"};
    Credentials credentials;
    for (auto &key : blocks->keys) {
        const auto belongs = [&](const OwnedCertificate &each) { return X509_check_private_key(each.get(), key.get()) == 1; };
        const auto found = std::find_if(blocks->certificates.begin(), blocks->certificates.end(), belongs);
        if (found == blocks->certificates.end()) continue;
        credentials.key = std::move(key);
        credentials.certificate = std::move(*found);
        blocks->certificates.erase(found);
        credentials.chain = std::move(blocks->certificates);
        ERR_clear_error();
        return credentials;
    }
    return Failure{file + " holds a private key that belongs to none of its certificates (" + takeOpensslReason() +
                   "): put together the two that were made together"};
}

Result<std::vector<OwnedCertificate>> readCertificates(std::string_view pem, std::string_view name) {
    auto blocks = readBlocks(pem, name);
    if (!blocks) return blocks.failure();
    if (blocks->certificates.empty())
        return Failure{std::string(name) + " holds no certificate: it needs PEM blocks BEGIN CERTIFICATE"};
    return std::move(blocks->certificates);
}

Result<std::string> readPemFile(std::string_view path) {
    auto file = os::readSmallFile(path, kMostBytes);
    if (file) return std::move(file->text);
    return Failure{"The file '" + std::string(path) + "' cannot be read: " + file.failure().text +
                       "; check its name, and that this program may read it",
                   file.failure().code};
}

}  // namespace meerkat::net
