// Station: an answer that is made elsewhere, over many passes. From http_protocol, which owns it until its answer has ended, to whoever makes it:
// a script's. It answers with HttpProtocol's calls, from whatever callback.
#pragma once

#include "net/event_loop.h"

namespace meerkat::http {

class Exchange : public net::Disposable {
  public:
    // Everything sent so far has gone out.
    virtual void onDrained() {}
    // Its answer has ended, or its connection. The last call; it is destroyed when the pass ends.
    virtual void onGone() = 0;
};

}  // namespace meerkat::http
