// Station: what a close frame says. Between frame payloads and websocket_protocol. RFC 6455 sections 5.5.1 and 7.4.
// Thread: any. Pure functions of bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::websocket {

// Status codes of closings (section 7.4.1).
enum CloseCode : std::uint16_t {
    kNormalClosure = 1000,
    kGoingAway = 1001,
    kProtocolError = 1002,
    kUnsupportedData = 1003,
    kNoStatus = 1005,  // never on the wire: the close frame had no code
    kAbnormal = 1006,  // never on the wire: there was no close frame
    kInvalidData = 1007,
    kPolicyViolation = 1008,
    kMessageTooBig = 1009,
    kInternalError = 1011,
};

// What may stand in a close frame: 1000-1003, 1007-1014, 3000-4999.
bool isSendableCloseCode(unsigned code);

// A close frame's payload: a code and a reason, or nothing at all (code 0). A reason that is too long for a control frame is cut at a character.
std::string closePayload(unsigned code, std::string_view reason);

struct CloseMessage {
    unsigned code = 0;        // 0: the payload is empty
    std::string_view reason;  // not yet looked at; points into the payload
};
// Nothing if the payload has one byte, or a code that may not be sent.
std::optional<CloseMessage> readClosePayload(std::string_view payload);

}  // namespace meerkat::websocket
