// Station: printf's arguments -> text. From the functions of mongoose.h that take a format.
#pragma once

#include <cstdarg>
#include <string>

namespace meerkat::api {

// Of any length; empty if the format is broken.
std::string formatted(const char *format, va_list values);

}  // namespace meerkat::api
