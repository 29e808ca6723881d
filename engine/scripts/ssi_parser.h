// Station: bytes of a page -> its next piece: text, or <!--#command name="value" … -->. From ssi_page.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::scripts {

struct SsiAttribute {
    std::string name;   // in small letters
    std::string value;  // without its quotes; `\` before the quote is gone, any other is kept
};

enum class SsiPieceKind { Text, Command, Broken };
struct SsiPiece {
    SsiPieceKind kind = SsiPieceKind::Text;
    std::size_t consumed = 0;  // bytes of the page; 0 only for an empty page
    std::string_view text;     // Text: the bytes themselves
    std::string command;       // Command: in small letters
    std::vector<SsiAttribute> attributes;
};

// The first piece of `page`. A command ends at the first "-->", whatever stands in quotes, as an HTML comment does; without one it is Broken
// to the end of the page. Values stand in ", ' or `, or bare up to white space. Each byte is looked at a bounded number of times
// over all calls for a page.
SsiPiece nextPiece(std::string_view page);

}  // namespace meerkat::scripts
