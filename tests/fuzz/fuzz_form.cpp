// A form behind one byte for the size of the buffer: values fit or are refused, and its first variable is found by its name.
#include "fuzz/fuzz_support.h"

#include "base/encodings.h"
#include "mongoose.h"

#include <string>
#include <vector>

using namespace meerkat::fuzz;

namespace {

// Its first variable's name, decoded.
std::string firstName(std::string_view form) {
    const std::string_view pair = form.substr(0, form.find('&'));
    const std::string_view encoded = pair.substr(0, pair.find('='));
    std::string name;
    for (std::size_t at = 0; at < encoded.size();) name += meerkat::takeDecoded(encoded, at, true);
    return name;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
    std::string_view input = toView(bytes, size);
    const std::size_t room = takeByte(input) % 40 + 1;
    const ExactCopy copy(input);
    mg_connection connection{};
    connection.content = const_cast<char *>(copy.view().data());
    connection.content_len = copy.view().size();
    const auto askFor = [&](const std::string &name) {
        std::vector<char> buffer(room, '#');
        const int length = mg_get_var(&connection, name.c_str(), buffer.data(), room);
        require(length >= -2 && length < static_cast<int>(room), "a value fits or is refused");
        require(buffer[static_cast<std::size_t>(length < 0 ? 0 : length)] == '\0', "the buffer is ended");
        return length;
    };
    askFor("a");
    askFor("name[]");
    const std::string first = firstName(input);
    const bool canBeAsked = !first.empty() && first.find('\0') == std::string::npos;
    require(!canBeAsked || askFor(first) != -1, "a variable is found by its name");
    return 0;
}
