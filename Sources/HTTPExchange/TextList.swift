internal import CCurl

/// A list of strings as libcurl wants it; owns it.
final class TextList {
    private(set) var head: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String]) {
        for text in texts {
            // A list that could not be extended stays as it was; the caller cannot tell, and memory has run out.
            head = curl_slist_append(head, text) ?? head
        }
    }

    deinit { curl_slist_free_all(head) }
}
