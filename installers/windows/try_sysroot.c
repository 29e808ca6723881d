// Uses each static library of a Windows sysroot once: does it do what it is there for?
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <expat.h>
#include <libdeflate.h>
#include <md4c-html.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

static int failed;
static void say(const char *library, int isRight) {
    printf("%-6s  %s\n", isRight ? "ok" : "FAILED", library);
    if (!isRight) failed = 1;
}

static int elements;
static void XMLCALL count(void *data, const XML_Char *name, const XML_Char **attributes) {
    (void)data, (void)name, (void)attributes;
    ++elements;
}

static char html[256];
static void append(const MD_CHAR *text, MD_SIZE size, void *data) {
    (void)data;
    strncat(html, text, size);
}

int main(void) {
    static const char text[] = "meerkat meerkat meerkat meerkat meerkat meerkat meerkat meerkat";
    unsigned char packed[256], back[256];

    size_t packedBytes = sizeof packed, backBytes = sizeof back;
    say("brotli", BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, sizeof text, (const uint8_t *)text, &packedBytes, packed) &&
                      packedBytes < sizeof text &&
                      BrotliDecoderDecompress(packedBytes, packed, &backBytes, back) == BROTLI_DECODER_RESULT_SUCCESS &&
                      backBytes == sizeof text && memcmp(back, text, sizeof text) == 0);

    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    packedBytes = libdeflate_zlib_compress(compressor, text, sizeof text, packed, sizeof packed);
    libdeflate_free_compressor(compressor);
    uLongf unpackedBytes = sizeof back;
    say("libdeflate and zlib", packedBytes > 0 && packedBytes < sizeof text &&
                                   uncompress(back, &unpackedBytes, packed, (uLong)packedBytes) == Z_OK &&
                                   memcmp(back, text, sizeof text) == 0);

    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetElementHandler(parser, count, NULL);
    say("expat", XML_Parse(parser, "<a><b/><b/></a>", 15, 1) == XML_STATUS_OK && elements == 3);
    XML_ParserFree(parser);

    say("md4c", md_html("*hello*", 7, append, NULL, 0, 0) == 0 && strstr(html, "<em>hello</em>") != NULL);

    QRcode *code = QRcode_encodeString("http://127.0.0.1:8080/", 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    say("qrencode", code != NULL && code->width >= 21);
    QRcode_free(code);

    unsigned int digestBytes = 0;
    say("OpenSSL Crypto",
        EVP_Digest("abc", 3, back, &digestBytes, EVP_sha256(), NULL) == 1 && digestBytes == 32 && back[0] == 0xba);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    say("OpenSSL SSL", context != NULL && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1);
    SSL_CTX_free(context);
    return failed;
}
