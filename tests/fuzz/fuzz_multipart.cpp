// A multipart body, chunk by chunk as a program reads it: data lies inside of it and apart, names end, every step goes forward.
#include "fuzz/fuzz_support.h"

#include "mongoose.h"

using namespace meerkat::fuzz;

namespace {

void requireEnded(const char *text, std::size_t size) { require(std::memchr(text, 0, size) != nullptr, "names end"); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
    const ExactCopy copy(toView(bytes, size));
    std::string_view rest = copy.view();
    while (true) {
        char name[16], file[16];
        std::memset(name, '#', sizeof name);
        std::memset(file, '#', sizeof file);
        const char *data = nullptr;
        int length = -1;
        const int skip =
            mg_parse_multipart(rest.data(), static_cast<int>(rest.size()), name, sizeof name, file, sizeof file, &data, &length);
        requireEnded(name, sizeof name);
        requireEnded(file, sizeof file);
        require(skip >= 0 && static_cast<std::size_t>(skip) <= rest.size(), "no more is skipped than there is");
        if (skip == 0) break;
        require(length >= 0, "data has a length");
        requireInside({data, static_cast<std::size_t>(length)}, rest.substr(0, static_cast<std::size_t>(skip)));
        rest.remove_prefix(static_cast<std::size_t>(skip));
        require(rest.starts_with("--"), "what follows is a delimiter");
    }
    return 0;
}
