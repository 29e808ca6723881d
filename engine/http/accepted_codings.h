// Station: Accept-Encoding -> which content codings a client takes, and which it would rather have. From files/coded_files. RFC 9110 section 12.5.3.
#pragma once

#include "http/request_parser.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::http {

// In the order in which they are used where a client likes them alike.
enum class Coding : std::uint8_t { Brotli, Zstd, Gzip, Identity };
inline constexpr std::size_t kCodings = 3;  // without Identity

// "br"; "" for Identity.
std::string_view codingName(Coding coding);

class AcceptedCodings {
  public:
    // Several lines are one list. A client that does not say gets the bytes as they are. Items that are none are passed over; `x-gzip` is gzip, `*` what is not named.
    static AcceptedCodings of(const RequestHead &head);
    static AcceptedCodings parse(std::string_view list);

    // How much the client wants it, in thousandths; 0: not at all, or less than the bytes as they are.
    int weight(Coding coding) const { return coding == Coding::Identity ? 0 : m_weights[static_cast<std::size_t>(coding)]; }
    bool areNone() const { return m_weights == std::array<int, kCodings>{}; }
    // The same for two clients that want the same, and begins with no '/'; "" if areNone.
    std::string key() const;

  private:
    std::array<int, kCodings> m_weights{};
};

}  // namespace meerkat::http
