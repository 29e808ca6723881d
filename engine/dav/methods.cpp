#include "dav/methods.h"

#include <algorithm>
#include <iterator>

namespace meerkat::dav {

bool isDavMethod(const http::RequestHead &head) {
    static constexpr std::string_view names[] = {"PUT",   "DELETE", "PATCH", "PROPFIND", "PROPPATCH",
                                                 "MKCOL", "COPY",   "MOVE",  "LOCK",     "UNLOCK"};
    return std::find(std::begin(names), std::end(names), head.methodName) != std::end(names);
}

}  // namespace meerkat::dav
