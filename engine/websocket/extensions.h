// Station: the words of Sec-WebSocket-Extensions. From handshake. RFC 6455 section 9.1, RFC 7692 section 7.1.
// Thread: any. Pure functions of text.
#pragma once

#include "websocket/deflate.h"

#include <optional>
#include <string>
#include <string_view>

namespace meerkat::websocket {

// What the server makes of a client's offers: `list` is all the fields of the name, joined by commas. The first offer of permessage-deflate that is
// right in every parameter is agreed to; others are passed over. Nothing if the list is malformed.
struct OfferOutcome {
    DeflateTerms terms;
    std::string answer;  // the value of the answer's field; empty if nothing is agreed
};
std::optional<OfferOutcome> answerOffers(std::string_view list);

// What the client offers.
std::string_view deflateOffer();
// What the client makes of the server's answer to it. Nothing if it is malformed or agrees to what was not offered.
std::optional<DeflateTerms> readAgreement(std::string_view list);

}  // namespace meerkat::websocket
