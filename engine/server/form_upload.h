// Station: a form posted to a folder -> files in it, or one change. From server; for visitors whose browser runs no scripts. Files go to the disk while they
// come, one behind the other, so that memory does not grow with them.
#pragma once

#include "dav/put.h"
#include "http/http_protocol.h"
#include "http/multipart_reader.h"
#include "server/server.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace meerkat::server {

// What a form says, but for its files.
struct FormFields {
    std::string action;
    std::string name;
    std::string to;
};

// A name for a file or a folder, of what a visitor wrote or a browser tells: the last name of a path, without control characters. "" if there is none.
std::string cleanName(std::string_view told);

class Server::FormUpload final : public http::BodySink, private http::PartTaker {
  public:
    // `folder`: the path that the form was posted to, with its '/' at the end. `reader`: nothing for a form that is url-encoded.
    FormUpload(Server &server, std::string folder, std::optional<http::MultipartReader> reader);

    int take(std::string_view bytes) override;
    // Answers. The answer destroys this object, if it is the request's.
    void finish(http::HttpProtocol &http) override;

  private:
    // Fields together; file names are no fields.
    static constexpr std::size_t kMostFieldBytes = 16 * 1024;
    // As many as are told of; each is left out.
    static constexpr std::size_t kMostTold = 20;
    static constexpr std::size_t kMostOfAName = 255;

    // http::PartTaker
    int beginPart(const http::PartHead &head) override;
    int takePart(std::string_view bytes) override;
    int endPart() override;

    int beginFile(const http::PartHead &head);
    std::string *fieldOf(std::string_view name);
    bool readFields();
    void leaveOut(std::string_view name);
    void finishFiles(http::HttpProtocol &http);

    Server &m_server;
    std::string m_folder;
    std::optional<http::MultipartReader> m_reader;
    std::string m_text;  // of a form that is url-encoded
    FormFields m_fields;
    std::size_t m_fieldBytes = 0;
    std::string *m_field = nullptr;    // that is being read
    std::unique_ptr<dav::Put> m_file;  // that is being written
    std::string m_fileName;
    std::string m_firstStored;
    std::size_t m_stored = 0;
    std::vector<std::string> m_leftOut;
    std::size_t m_untold = 0;
};

}  // namespace meerkat::server
