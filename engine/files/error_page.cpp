#include "base/encodings.h"
#include "files/folder_page.h"
#include "files/page_template.h"

#include <algorithm>
#include <array>

namespace meerkat::files {
namespace {

struct Sentence {
    int status;
    std::string_view text;
};

constexpr std::array kSentences = {
    Sentence{400, "The browser sent something that can't be understood here."},
    Sentence{401, "This folder asks for a name and a password."},
    Sentence{403, "This is not open to visitors."},
    Sentence{404, "There is nothing here under this name."},
    Sentence{405, "Things here can be looked at, but this can't be done with them."},
    Sentence{408, "The request took too long to arrive. Please try again."},
    Sentence{409, "This does not fit with what is there already."},
    Sentence{410, "What was here is gone for good."},
    Sentence{411, "The browser did not say how much it wants to send."},
    Sentence{412, "This has changed since the browser last looked. Please load it again."},
    Sentence{413, "That is more than can be taken in at once."},
    Sentence{414, "This address is too long."},
    Sentence{415, "Things of this kind are not taken here."},
    Sentence{416, "The part that was asked for lies beyond the end of this file."},
    Sentence{417, "The browser expects something that can't be promised here."},
    Sentence{423, "Somebody else is working on this right now."},
    Sentence{429, "That was a lot at once. Please wait a moment and try again."},
    Sentence{431, "The browser sent more about itself than can be taken in. Clearing its cookies for this address may help."},
    Sentence{500, "Something went wrong on this side. Trying again later may help."},
    Sentence{501, "This can't be done here."},
    Sentence{502, "A program that was to answer this did not."},
    Sentence{503, "There is too much to do right now. Please try again in a moment."},
    Sentence{504, "A program that was to answer this took too long."},
    Sentence{505, "The browser speaks a version of HTTP that is not spoken here."},
    Sentence{507, "There is no room left for this."},
};

std::string_view sentenceFor(int status) {
    const auto *found =
        std::find_if(kSentences.begin(), kSentences.end(), [status](const Sentence &each) { return each.status == status; });
    if (found != kSentences.end()) return found->text;
    return status < 500 ? sentenceFor(501) : sentenceFor(500);
}

}  // namespace

std::string errorPage(int status, std::string_view reason, std::string_view sentence, bool mayGoBack) {
    const std::string title = std::to_string(status) + (reason.empty() ? "" : " ") + htmlEscaped(reason);
    return filled(pageFile("error_page.html"), {{"title", title},
                                                {"way", mayGoBack ? "./" : "/"},
                                                {"way_words", mayGoBack ? "Back to the folder" : "Go to the start"},
                                                {"sentence", htmlEscaped(sentence.empty() ? sentenceFor(status) : sentence)}});
}

std::string errorJson(int status, std::string_view sentence) {
    return "{\"error\":\"" + jsonEscaped(sentence.empty() ? sentenceFor(status) : sentence) + "\"}\n";
}

}  // namespace meerkat::files
