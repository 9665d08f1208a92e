#include "CTOML.h"

namespace {

/// toml++ found itself in a state that its authors held to be impossible. Version 3.3 does so for a header such as
/// `[=`: its assertion would end the process, and without assertions the same place is undefined behaviour.
struct assertion_failure {};

} // namespace

// The header-only form, with the parser's recursion bounded.
#undef NDEBUG
#define TOML_ASSERT(expression) ((expression) ? static_cast<void>(0) : throw assertion_failure())
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include <new>
#include <string>
#include <string_view>
#include <vector>

struct ctoml_document {
    toml::table root;
    std::vector<ctoml_node> nodes;
    std::string error;
    uint32_t error_line = 0;
    uint32_t error_column = 0;
    bool failed = false;

    void fail(std::string message, uint32_t line, uint32_t column) {
        nodes.clear();
        error = std::move(message);
        error_line = line;
        error_column = column;
        failed = true;
    }
};

namespace {

/// Finds a key of too many dotted parts before the parser sees it: toml++ 3.3 nests one table for each part
/// without a bound, and its destructors recurse. Follows just enough of the grammar to know strings and comments.
class dotted_key_scan {
public:
    explicit dotted_key_scan(std::string_view text) : text_(text) {}

    /// True when every key is short enough; otherwise `line` says where it is not.
    bool acceptable() {
        size_t dots = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            switch (c) {
            case '"':
            case '\'':
                skip_string(c);
                continue;
            case '#':
                while (at_ < text_.size() && text_[at_] != '\n') at_++;
                continue;
            case '\n':
                line++;
                [[fallthrough]];
            case '=':
            case ',':
            case '{':
            case '}':
            case '[':
            case ']':
                dots = 0;
                break;
            case '.':
                if (++dots >= CTOML_MAXIMUM_DEPTH) return false;
                break;
            default:
                break;
            }
            at_++;
        }
        return true;
    }

    uint32_t line = 1;

private:
    std::string_view text_;
    size_t at_ = 0;

    void skip_string(char quote) {
        const bool is_long = text_.substr(at_, 3) == std::string(3, quote);
        at_ += is_long ? 3 : 1;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\n') {
                // A short string cannot cross a line; the parser reports it.
                if (!is_long) return;
                line++;
            }
            if (c == '\\' && quote == '"') {
                if (at_ + 1 < text_.size() && text_[at_ + 1] == '\n') line++;
                at_ += 2;
                continue;
            }
            if (c == quote) {
                if (!is_long) {
                    at_++;
                    return;
                }
                if (text_.substr(at_, 3) == std::string(3, quote)) {
                    // Up to two more quotation marks belong to the string itself.
                    at_ += 3;
                    for (int more = 0; more < 2 && at_ < text_.size() && text_[at_] == quote; more++) at_++;
                    return;
                }
            }
            at_++;
        }
    }
};

void set_position(const toml::source_region &region, uint32_t &line, uint32_t &column) {
    line = static_cast<uint32_t>(region.begin.line);
    column = static_cast<uint32_t>(region.begin.column);
}

/// Appends `value` and what is under it. False when the nesting is too deep, which is recorded.
bool append(ctoml_document &document, const toml::node &value, const toml::key *key, size_t depth) {
    ctoml_node node{};
    set_position(value.source(), node.line, node.column);
    if (key != nullptr) {
        const std::string_view name = key->str();
        node.key = name.data();
        node.key_length = name.size();
        set_position(key->source(), node.key_line, node.key_column);
    }
    if (depth > CTOML_MAXIMUM_DEPTH) {
        document.fail("tables are nested too deeply", node.line, node.column);
        return false;
    }
    switch (value.type()) {
    case toml::node_type::string: {
        const std::string &text = value.as_string()->get();
        node.kind = CTOML_STRING;
        node.text = text.data();
        node.text_length = text.size();
        break;
    }
    case toml::node_type::integer:
        node.kind = CTOML_INTEGER;
        node.integer = value.as_integer()->get();
        break;
    case toml::node_type::floating_point:
        node.kind = CTOML_FLOAT;
        node.real = value.as_floating_point()->get();
        break;
    case toml::node_type::boolean:
        node.kind = CTOML_BOOLEAN;
        node.boolean = value.as_boolean()->get();
        break;
    case toml::node_type::array: {
        const toml::array &array = *value.as_array();
        node.kind = CTOML_ARRAY;
        node.children = array.size();
        document.nodes.push_back(node);
        for (const toml::node &element : array) {
            if (!append(document, element, nullptr, depth + 1)) return false;
        }
        return true;
    }
    case toml::node_type::table: {
        const toml::table &table = *value.as_table();
        node.kind = CTOML_TABLE;
        node.children = table.size();
        document.nodes.push_back(node);
        for (auto entry = table.cbegin(); entry != table.cend(); ++entry) {
            if (!append(document, entry->second, &entry->first, depth + 1)) return false;
        }
        return true;
    }
    default:
        node.kind = CTOML_DATE_TIME;
        break;
    }
    document.nodes.push_back(node);
    return true;
}

bool fails_an_assertion(std::string_view text) {
    try {
        (void)toml::parse(text);
    } catch (const toml::parse_error &) {
    } catch (const assertion_failure &) {
        return true;
    }
    return false;
}

/// The parser reads in one direction, so that the text up to a line fails exactly when the line has been reached.
uint32_t line_of_assertion_failure(std::string_view text) {
    std::vector<size_t> ends;
    for (size_t at = 0; at < text.size(); at++) {
        if (text[at] == '\n') ends.push_back(at + 1);
    }
    size_t low = 0, high = ends.size();
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (fails_an_assertion(text.substr(0, ends[middle]))) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return static_cast<uint32_t>(low + 1);
}

void parse(ctoml_document &document, std::string_view text) {
    if (text.size() > CTOML_MAXIMUM_LENGTH) {
        document.fail("the file is longer than 64 MiB", 1, 1);
        return;
    }
    dotted_key_scan scan(text);
    if (!scan.acceptable()) {
        document.fail("a key has too many dotted parts", scan.line, 1);
        return;
    }
    try {
        document.root = toml::parse(text);
    } catch (const toml::parse_error &error) {
        uint32_t line = 0, column = 0;
        set_position(error.source(), line, column);
        document.fail(std::string(error.description()), line, column);
        return;
    } catch (const assertion_failure &) {
        document.fail("this line is not understood", line_of_assertion_failure(text), 1);
        return;
    }
    append(document, document.root, nullptr, 0);
}

} // namespace

extern "C" {

ctoml_document *ctoml_parse(const char *text, size_t length) {
    ctoml_document *document = new (std::nothrow) ctoml_document;
    if (document == nullptr) return nullptr;
    try {
        parse(*document, length == 0 ? std::string_view() : std::string_view(text, length));
    } catch (...) {
        // Only memory can run out here; the caller learns that from NULL.
        delete document;
        return nullptr;
    }
    return document;
}

const char *ctoml_error(const ctoml_document *document) {
    return document->failed ? document->error.c_str() : nullptr;
}

uint32_t ctoml_error_line(const ctoml_document *document) { return document->error_line; }

uint32_t ctoml_error_column(const ctoml_document *document) { return document->error_column; }

size_t ctoml_count(const ctoml_document *document) { return document->nodes.size(); }

const ctoml_node *ctoml_nodes(const ctoml_document *document) { return document->nodes.data(); }

void ctoml_free(ctoml_document *document) { delete document; }
}
