// Station: the body of a request -> a tree. From dav/service, through expat. A pure function of bytes.
#pragma once

#include "dav/xml_tree.h"

#include <string_view>

namespace meerkat::dav {

// More is 413 before anybody reads it.
inline constexpr std::size_t kMostBodyBytes = 1024 * 1024;

struct XmlOutcome {
    int status =
        0;  // 0: `root` is there; 400 no well-formed XML with namespaces, or one with a DTD, or nested too deep; 413 too much of it
    XmlNode root;
};

// No DTD is taken, so there is no entity but XML's own five, and nothing is ever fetched or expanded. At most 64 elements within another, 20,000
// in all, and 4 MiB once names and namespaces are written out at each of them. Comments and processing instructions are left out.
XmlOutcome readXml(std::string_view bytes);

}  // namespace meerkat::dav
