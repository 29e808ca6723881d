// Station: an opened file and what a client takes -> the bytes that are sent for it. From files/file_answers. RFC 9110 section 8.4.
#pragma once

#include "files/file_cache.h"
#include "files/file_settings.h"
#include "http/accepted_codings.h"
#include "os/file.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

struct Representation {
    http::Coding coding = http::Coding::Identity;
    bool isMade = false;   // from `opened`; else `opened` holds the bytes as they are sent
    std::string relative;  // of `opened`
    os::OpenOutcome opened;
    std::vector<Watched> watched;  // what the choice hangs on besides
};

// A `.br`, `.zst` or `.gz` beside the file that is not older than it, not hidden, and there and not elsewhere; else one that is to be made, from
// `smallestMade` bytes on; else the file. What the client wants most comes first, of that what need not be made.
Representation chooseRepresentation(const FileSettings &settings, const http::AcceptedCodings &accepted, std::string relative,
                                    os::OpenOutcome opened, std::uint64_t smallestMade);

// The entity tag of a coding of what has that one: "\"a\"" -> "\"a-gzip\"".
std::string codedTag(std::string_view etag, http::Coding coding);

}  // namespace meerkat::files
