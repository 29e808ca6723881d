// Station: the hall. Wires the rooms: listener and connections below, HTTP in the middle, the program and files above; one poll iteration.
// Thread: engine, but for wakeUp. One listening port.
#pragma once

#include "access/authenticator.h"
#include "access/household_counts.h"
#include "access/request_rates.h"
#include "base/clock.h"
#include "dav/leftovers.h"
#include "dav/pieces.h"
#include "dav/put.h"
#include "dav/service.h"
#include "files/static_files.h"
#include "http/http_protocol.h"
#include "net/connection.h"
#include "net/listener.h"
#include "server/access_log.h"
#include "server/hexdump.h"
#include "server/outgoing.h"
#include "server/program.h"
#include "server/script_pages.h"
#include "server/settings.h"
#include "server/tls_identity.h"
#include "server/turned_away.h"
#include "websocket/handshake.h"

#include <memory>
#include <string>
#include <vector>

namespace meerkat::server {

struct FormFields;

class Server final : private http::Handler,
                     private http::RequestGate,
                     private websocket::MessageHandler,
                     private websocket::MessageWatcher,
                     private PasswordChecker,
                     private UserTeller,
                     private net::ListenerOwner,
                     private OutgoingOwner,
                     private files::FileOwner,
                     private dav::Share,
                     private net::ConnectionOwner {
  public:
    // Null if the system has no poller for us (out of memory or descriptors).
    static std::unique_ptr<Server> create(void *serverParam);
    ~Server() override;

    // One iteration; returns the number of live connections.
    int poll(int milliseconds);
    void wakeUp() { m_loop->wakeUp(); }

    // "" on success, else a sentence; the old value then stays.
    std::string setOption(std::string_view name, std::string_view value);
    // What setOption would say, with nothing changed.
    std::string checkOption(std::string_view name, std::string_view value);
    const std::string *option(std::string_view name) const { return m_settings.text(name); }

    // Listens with a socket that exists instead of listening_port. "" or a sentence.
    std::string adoptListener(os::SocketHandle socket);
    os::SocketHandle listener() const { return m_listener ? m_listener->socket() : os::kNoSocket; }

    Program &program() { return m_program; }
    void iterate(mg_handler_t func, void *param);
    // Null if the port is none, memory is short, or the trusted certificates can't be read.
    mg_connection *connect(std::string_view host, int port, bool isTls, std::optional<websocket::ClientHandshake> handshake);
    // The open connection behind that one, or the first; null behind the last.
    mg_connection *next(const mg_connection *after);
    mg_connection *find(std::uint64_t id);
    void setObserver(const mg_observer *observer);
    void visit(void (*visit)(const mg_connection_info *, void *), void *param);
    mg_counters counters() const;
    int closeConnections(std::uint64_t id);
    // Null: nothing.
    const char *takeTrouble();

    // What an outgoing TLS connection is made with; made when first asked for, gone when ssl_ca_certificate is set anew.
    Result<const net::TlsContext *> clientTls();
    // The local authority's certificate as PEM; "" unless ssl_certificate is auto.
    std::string_view authorityPem() const { return m_identity.authorityPem(); }

    // The program may be on the stack: destruction has to wait for the end of the call that it is in.
    bool isBusy() const { return m_busy > 0 || m_program.isInEvent(); }
    // To be destroyed: nobody is let in any more, and what the program is not in the middle of is closed.
    void end();

  private:
    // While it lives the program may be called.
    class Busy {
      public:
        explicit Busy(Server &server) : m_server(server) { ++m_server.m_busy; }
        ~Busy() { --m_server.m_busy; }
        Busy(const Busy &) = delete;
        Busy &operator=(const Busy &) = delete;

      private:
        Server &m_server;
    };

    Server(std::unique_ptr<net::EventLoop> loop, void *serverParam);

    // http::Handler
    http::BodyDecision onBodyAnnounced(http::HttpProtocol &http, const http::RequestHead &head) override;
    http::BodyDecision onBodyOverflow(http::HttpProtocol &http, const http::RequestHead &head) override;
    void onRequest(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) override;
    void onRefused(http::HttpProtocol &http, int status, std::string_view fields) override;
    bool wantsRecords() const override { return m_observer.on_observation || m_accessLog.isOpen(); }
    void onAnswered(http::HttpProtocol &http, const http::AnswerRecord &record) override;
    void onGone(http::HttpProtocol &http) override {
        m_dav.forget(http);
        gone(http.connection());
    }
    // websocket::MessageHandler
    bool onMessage(websocket::WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload) override;
    void onGone(websocket::WebsocketProtocol &websocket) override { gone(websocket.connection()); }
    // websocket::MessageWatcher
    void onSeen(websocket::WebsocketProtocol &websocket, const websocket::SeenMessage &seen) override;
    // OutgoingOwner
    net::Connection &addConnection() override;
    void gone(net::Connection &connection) override;
    // PasswordChecker
    bool isAuthorised(Face &face, std::FILE *file) override;
    // UserTeller
    std::string userOf(const net::Connection &connection) const override;
    // net::ListenerOwner
    void onAccepted(os::SocketHandle socket, const os::Endpoint &peer) override;
    // files::FileOwner
    bool letsPass(http::HttpProtocol &http, const http::RequestHead &head, std::string_view where) override;
    bool showsAlike(const os::Root &root, std::string_view visited, std::string_view other) const override;
    void noteShown(const os::File &folder, std::string_view path) override {
        if (takesFiles()) m_leftovers.note(folder, path);
    }
    // All of them: the longest idle connection is closed.
    bool freeDescriptor() override;
    // dav::Share, sharing.cpp
    const os::Root *root() const override { return m_settings.files.root; }
    bool isWritable() const override { return m_settings.files.root && !m_settings.guard.davFile.empty(); }
    bool listsFolders() const override { return m_settings.files.listsFolders; }
    std::string_view title() const override { return m_settings.files.title; }
    bool hides(std::string_view path) const override;
    bool isGuardedApart(const os::Root &root, const std::string &folder) const override;
    std::string_view typeOf(std::string_view name) const override { return m_settings.files.types.typeOf(name); }
    std::string userOf(const http::HttpProtocol &http) const override { return userOf(http.connection()); }
    bool isAnsweredByProgram(http::HttpProtocol &http, int status) override;
    std::string_view allowedFields() const override;
    // net::ConnectionOwner
    void onConnectionClosed(net::Connection &connection) override;
    net::TimerList &idleLimit() override { return m_idle; }
    net::TimerList &lingerLimit() override { return m_linger; }

    // http::RequestGate
    Refusal whyHeldBack(http::HttpProtocol &http) override;
    void onHeldBack(http::HttpProtocol &http, const http::RequestHead &head) override;

    // limiting.cpp
    void followLimits();
    void placeGate();
    int refusalAtDoor(const os::Endpoint &peer) const;
    void letIn(net::Connection &connection);
    void turnAway(net::Connection &connection, int status);
    void shutOut(os::SocketHandle socket, const os::Endpoint &peer, int status);
    void closeTurnedAway();

    // configuring.cpp
    std::string applyOption(std::string_view name, std::string_view value);
    void followSettings();
    void clearRoot();

    // securing.cpp
    std::string setCertificate(std::string_view value);
    std::string setAutoDirectory(std::string_view value);
    std::string setCaCertificate(std::string_view value);
    void welcome(net::Connection &connection);
    void redirectToTls(http::HttpProtocol &http, const http::RequestHead &head);

    std::string setListeningPort(std::string_view value);
    Result<std::unique_ptr<net::Listener>> openInPlace(const net::ListenAddress &address);
    void closeListener();
    std::string setUser(std::string_view name);
    std::string checkUser(std::string_view name) const;
    std::string becomeUser();
    void applyOutgoingLimits();
    net::Connection &keepConnection(os::SocketHandle socket, const os::Endpoint &peer);
    http::BodyDecision placeForBody(http::HttpProtocol &http, const http::RequestHead &head);
    bool isDeclined(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    void serve(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    // rewriting.cpp
    class Serving;
    class AsAsked;
    std::string allowedMethods() const;
    bool isSentOn(http::HttpProtocol &http, int status);

    // changing.cpp
    // Whether anything of the folder may be changed by anybody.
    bool takesFiles() const { return isWritable() || (m_settings.files.root && m_settings.guard.opensChanges); }
    bool comesFromElsewhere(const http::HttpProtocol &http, const http::RequestHead &head) const;
    bool isOfThisSite(http::HttpProtocol &http, const http::RequestHead &head);
    void refuseSaying(http::HttpProtocol &http, int status, std::string_view sentence, std::string_view fields = {});
    bool mayChangeIn(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    bool isScriptsName(std::string_view path) const;
    bool letsVisitorChange(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    bool letsVisitorPut(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    // uploading.cpp
    class Upload;
    bool isForDisk(const http::RequestHead &head);
    http::BodyDecision beginUpload(http::HttpProtocol &http, const http::RequestHead &head);
    int uploadRefusal(std::string_view path) const;
    os::Replacing replacing() const;
    void refusePut(http::HttpProtocol &http, int status, std::string_view path, std::string_view fields);
    std::unique_ptr<dav::Put> openUpload(http::HttpProtocol &http, const http::RequestHead &head);
    void upload(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    void finishUpload(http::HttpProtocol &http, dav::Put &put);
    // uploading_pieces.cpp
    class PieceUpload;
    bool isPiece(const http::RequestHead &head) const;
    bool findPiecePlace(http::HttpProtocol &http, std::string_view path, dav::PieceOwner owner, dav::PiecePlace &place);
    std::unique_ptr<dav::Piece> openPiece(http::HttpProtocol &http, const http::RequestHead &head);
    std::unique_ptr<dav::Piece> beginPieceAt(http::HttpProtocol &http, std::string_view path, dav::PiecePlace place,
                                             const http::ContentRange &range);
    http::BodyDecision beginPiece(http::HttpProtocol &http, const http::RequestHead &head);
    void takePiece(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    void finishPiece(http::HttpProtocol &http, dav::Piece &piece);
    bool isGivingUp(const http::RequestHead &head) const;
    void giveUpPiece(http::HttpProtocol &http, const http::RequestHead &head);
    // form_posts.cpp, form_upload.cpp
    class FormUpload;
    bool isForm(const http::RequestHead &head) const;
    std::unique_ptr<http::BodySink> openForm(http::HttpProtocol &http, const http::RequestHead &head);
    http::BodyDecision beginForm(http::HttpProtocol &http, const http::RequestHead &head);
    void serveForm(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    std::unique_ptr<dav::Put> openFormFile(const std::string &path, int &status);
    int finishFormFile(const std::string &path, dav::Put &put);
    void changeByForm(http::HttpProtocol &http, const http::RequestHead &head, const std::string &folder,
                      const FormFields &fields);
    bool letsFormName(http::HttpProtocol &http, const http::RequestHead &head, const std::string &path);
    void sendDone(http::HttpProtocol &http, const std::string &folder, std::string_view done, std::string_view name,
                  std::size_t count);
    std::string doneField(const std::string &folder, std::string_view done, std::string_view name, std::size_t count) const;
    // sharing.cpp
    void sendOptions(http::HttpProtocol &http);
    http::BodyDecision bodyForDav(http::HttpProtocol &http, const http::RequestHead &head);
    bool mayReadSource(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    void serveDav(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    bool holdsIf(http::HttpProtocol &http, const http::RequestHead &head);
    // running_scripts.cpp
    bool isForScripts(const http::RequestHead &head) const;
    files::ScriptLookup scriptFor(const http::RequestHead &head);
    bool leadsToScript(const http::RequestHead &head);
    http::BodyDecision beginScript(http::HttpProtocol &http, const http::RequestHead &head);
    bool runScript(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body);
    void sendChosen(http::HttpProtocol &http, const http::RequestHead &head);
    // upgrading.cpp
    void upgrade(http::HttpProtocol &http, const http::RequestHead &head);
    bool openEndpoint(http::HttpProtocol &http, const http::RequestHead &head);
    void serveEndpoint(Face &face, websocket::Opcode opcode, std::string_view payload);
    void becomeWebsocket(http::HttpProtocol &http, const websocket::HandshakeOutcome &outcome, websocket::EventMode mode);
    bool letsPass(http::HttpProtocol &http, const http::RequestHead &head);
    bool mayPass(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path,
                 const access::GuardOutcome &guarded);
    access::GuardOutcome guardOf(std::string_view method, std::string_view path);
    access::GuardOutcome guardOnce(std::string_view method, std::string_view path);
    std::string_view guardedAs(const http::RequestHead &head);
    bool knowsPassword(http::HttpProtocol &http, const http::RequestHead &head, const access::PasswordList &passwords);
    void checkCredentials(Face &face, const http::RequestHead &head, const access::PasswordList &passwords, bool takesBasic);
    access::Authenticator &authenticator();
    void askForPassword(http::HttpProtocol &http);
    void noteRequest(http::HttpProtocol &http, const http::RequestHead &head);
    void tellWrongPassword(const net::Connection &connection);
    void observe(mg_observed kind, const net::Connection &connection, const char *user = "", int closeCode = 0);
    int waitLimit(int milliseconds) const;
    void expire(net::TimerList &list);
    void pollProgram();
    void reap();
    void returnMemory();

    net::Pacer m_pacer;  // outlives the connections, which are the loop's in the end
    std::unique_ptr<net::EventLoop> m_loop;
    Settings m_settings;
    access::Guard m_guard;
    std::string m_openFolder;  // of the last target that nothing guards, as it was sent
    std::uint64_t m_openPass = 0;
    std::unique_ptr<access::Authenticator>
        m_authenticator;  // made for the first password: its random numbers cost half of a start
    net::TimerList m_idle{30000};
    net::TimerList m_linger{2000};
    http::HttpService m_service;
    ScriptPages m_scripts;
    files::StaticFiles m_files;
    dav::Service m_dav;
    dav::Pieces m_pieces;
    dav::Leftovers m_leftovers;
    std::string_view m_sentence;  // of the refusal under way; "": the status' own
    bool m_hasRules = false;      // m_settings.files.hasRules
    Program m_program;
    websocket::WebsocketService m_websockets{*this};
    Rooms m_rooms;
    std::unique_ptr<Outgoing> m_outgoing;  // made for the first mg_connect
    AccessLog m_accessLog;
    Hexdump m_hexdump{*m_loop};
    TlsIdentity m_identity;  // outlives the connections, which ask it for their tickets' keys
    std::unique_ptr<net::TlsContext> m_clientTls;
    mg_observer m_observer{};
    std::string m_trouble;  // told last
    std::unique_ptr<net::Listener> m_listener;
    std::vector<std::unique_ptr<net::Connection>> m_connections;
    std::size_t m_letIn = 0;  // of m_connections: those that are open and count for the limits
    bool m_countsHouseholds = false;
    access::HouseholdCounts m_households;  // of m_letIn
    access::RequestRates m_requestRates;
    TurnedAway m_turnedAway;
    std::string m_wantedUser;  // whom the program is to become once it listens; empty once it has
    bool m_isUserTaken = false;
    std::vector<net::Connection *> m_closed;  // their MG_CLOSE is due when no handler is on the stack
    std::size_t m_goneSinceReturn = 0;        // connections closed since memory was last returned
    std::uint64_t m_latestId = 0;
    std::uint64_t m_accepted = 0;
    std::uint64_t m_goneRequests = 0;
    std::uint64_t m_goneReceived = 0;
    std::uint64_t m_goneSent = 0;
    int m_busy = 0;
};

// The request's header lines, those that fit whole, and a '\0' behind them; room for that is there beyond `room`. Its details are set.
std::size_t copyHeaders(const mg_observation &observation, std::span<char> room);

}  // namespace meerkat::server
