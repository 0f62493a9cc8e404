#pragma once

#include <string>
#include <vector>

namespace ecr::hostile {

/// One request in which a second one is hidden.
struct smuggling_shape {
    const char* name;
    std::string bytes;
    bool expects = false;    // it asks for leave first: a 100 before its answer is right
    bool folds = false;      // RFC 9112 lets it be read with blanks for the folds, or refused
    bool may_go_on = false;  // the end of the request is beyond doubt: the connection may stay
};

/// What the shapes are made of.
struct smuggled_pair {
    std::string path;    // of the visible request
    std::string more;    // further header lines of it
    std::string body;    // of it
    std::string hidden;  // a whole request
};

/// Every shape by which the end of a request has been misread somewhere.
/// Source: RFC 9112, sections 2.2, 5.2, 6.1, 6.3, 7.1, and the published attacks on proxies.
[[nodiscard]] std::vector<smuggling_shape> smuggling_shapes(const smuggled_pair& of);

}  // namespace ecr::hostile
