// Station: a multipart/form-data body -> its chunks. From mg_parse_multipart. RFC 7578, RFC 2046 section 5.1.
// Time is linear in the bytes up to the next delimiter; `data` points into them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meerkat::http {

struct MultipartChunk {
    std::string name;      // of the form's field; empty if the chunk does not tell
    std::string fileName;  // as the client calls the file; empty if the chunk is none
    std::string_view data;
    std::size_t consumed =
        0;  // up to the delimiter of the next chunk, which is also where the last one ends; 0: there is no whole chunk
};

// What the fields in front of a part say of it.
struct PartHead {
    std::string name;      // as in MultipartChunk
    std::string fileName;  // as the client calls the file; may be empty
    bool isFile = false;   // it has a file's name, and be it empty: a form whose visitor chose none
};

// `fields`: lines with CR LF between them, the first may be empty.
PartHead partHead(std::string_view fields);

// The first chunk of bytes that begin with a delimiter line (`--boundary`), from which the boundary is taken; line ends before it are passed
// over. Nothing (consumed 0) at the closing delimiter, and for a chunk whose end is not there.
// In names only \" and \\ are taken for escapes: browsers send the backslashes of a path as they are.
MultipartChunk firstChunk(std::string_view bytes);

}  // namespace meerkat::http
