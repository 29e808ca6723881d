// Station: conditional headers -> what to do. From files/static_files. RFC 9110 section 13.2.2 (the order), 8.8.3.2 (comparison).
#pragma once

#include "http/request_parser.h"
#include "os/file.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::http {

enum class ConditionResult : std::uint8_t { Proceed, NotModified, PreconditionFailed };
struct ConditionOutcome {
    ConditionResult result = ConditionResult::Proceed;
    bool rangeAllowed = true;  // false: If-Range says to send the whole
};

// What a selected representation is known by. `etag` with its quotes; a weak one begins with W/.
struct Validators {
    std::string_view etag;
    std::int64_t modifiedSeconds = 0;
    bool exists = true;  // for If-Match: * and If-None-Match: *
};

// A strong one for a file: changes with every change that its time or size can tell.
std::string etagOf(const os::FileInfo &info);

// Evaluates If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since, If-Range in the order of the RFC. Several field lines of one name count
// as one list. Dates that do not parse are ignored; If-Modified-Since counts only for GET and HEAD. Failed If-None-Match on other methods: PreconditionFailed.
ConditionOutcome evaluateConditions(const RequestHead &head, const Validators &validators, std::int64_t nowSeconds);

}  // namespace meerkat::http
